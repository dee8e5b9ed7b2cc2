package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.session.LocalSession;
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
    /** Set while the ring is searched for it. */
    @Nullable Leg wanting;

    /** While it waits for its reader: how much that had taken when it was looked at last, and since when that is so. */
    long takenThen;

    long stalledSinceMs;

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
