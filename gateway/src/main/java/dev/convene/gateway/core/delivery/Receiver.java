package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.Position;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A session as the tail knows it, over its epochs. Without a {@link LocalSession} it is parked: nothing is given to it, but
 * its places in the lists stay, so that the ring can serve its resume. For the tail's thread.
 */
final class Receiver {
    private static final Place[] NOWHERE = {};

    final long id;

    @Nullable LocalSession session;
    /** The epoch under which it was served here last. */
    int epoch;
    /** The last message that it was given, to give one copy only. */
    long stamp;
    /** Set while the ring is searched for it: what it wants lies after this. */
    @Nullable Position wanted;

    /** Where what it wants from the ring ends, inclusive. */
    Position wantedUntil = Position.START;

    private Place[] places = NOWHERE;

    Receiver(long id) {
        this.id = id;
    }

    Place[] places() {
        return places;
    }

    @Nullable Place place(int partition) {
        for (Place place : places) {
            if (place.partition == partition) {
                return place;
            }
        }
        return null;
    }

    void add(Place place) {
        places = Arrays.copyOf(places, places.length + 1);
        places[places.length - 1] = place;
    }

    void park() {
        session = null;
        for (Place place : places) {
            place.clear();
        }
    }
}
