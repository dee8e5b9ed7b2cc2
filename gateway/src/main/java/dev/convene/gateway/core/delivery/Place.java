package dev.convene.gateway.core.delivery;

import dev.convene.protocol.Position;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A receiver in one partition. For the tail's thread. */
final class Place {
    final int partition;
    /** The receiver stands in the partition's lists for everything after this. */
    final Position since;
    /** What is given before the live stream; null when it is live. */
    @Nullable Joining joining;

    /** While joining: everything up to this was given. */
    Position reached = Position.START;
    /** Pushes that wait for other partitions; null when there are none. */
    @Nullable ArrayDeque<Parcel> held;

    /** Bytes of what is held. */
    long heldBytes;

    Place(int partition, Position since) {
        this.partition = partition;
        this.since = since;
    }

    /** What comes live waits from now on until something else was gathered and given. */
    void hold(Position now) {
        Joining known = joining;
        if (known == null) {
            known = new Joining(now);
            joining = known;
            reached = now;
        }
        known.gates++;
    }

    void clear() {
        if (joining != null) {
            joining.end();
            joining = null;
        }
        held = null;
        heldBytes = 0;
    }
}
