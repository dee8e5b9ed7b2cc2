package dev.convene.gateway.core.delivery;

import dev.convene.protocol.Position;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A receiver in one partition. For the tail's thread. */
final class Place {
    final int partition;
    /** The receiver stands in the partition's lists for everything after this. */
    final Position since;
    /** Live pushes that wait until what is older has been replayed; null when it is live. */
    @Nullable ArrayDeque<Parcel> joining;

    /** While joining: how far the replay has come. */
    Position reached = Position.START;
    /** Pushes that wait for other partitions; null when there are none. */
    @Nullable ArrayDeque<Parcel> held;

    long waitingBytes;

    Place(int partition, Position since) {
        this.partition = partition;
        this.since = since;
    }

    void clear() {
        joining = null;
        held = null;
        waitingBytes = 0;
    }
}
