package dev.convene.gateway.core.delivery;

import dev.convene.protocol.Position;
import java.util.List;

/**
 * Gathers for several sessions what they missed of one partition out of its ring, a stretch at a time: what is live goes on in
 * between. For the tail's thread.
 */
final class RingReplay {
    private final Ring ring;
    private final List<Leg> legs;
    private final Ring.StampSource stamps;
    private final Position until;
    /** Everything up to this was looked at. */
    private Position looked;
    /** The number of the next entry. */
    private long next;

    /** @param legs at least one; the ring covers all that they want */
    RingReplay(Ring ring, List<Leg> legs, Ring.StampSource stamps) {
        Position oldest = legs.getFirst().want().from();
        Position newest = legs.getFirst().want().until();
        for (Leg leg : legs) {
            oldest = oldest.isAfter(leg.want().from()) ? leg.want().from() : oldest;
            newest = leg.want().until().isAfter(newest) ? leg.want().until() : newest;
        }
        this.ring = ring;
        this.legs = legs;
        this.stamps = stamps;
        this.until = newest;
        this.looked = oldest;
        this.next = ring.firstAfter(oldest);
    }

    List<Leg> legs() {
        return legs;
    }

    /**
     * Looks through the next stretch.
     *
     * @param looksMax looks at entries and receivers, about
     * @return whether there is more; if the ring has lost what comes next, all legs stop where they are
     */
    boolean advance(int looksMax) {
        if (next < ring.first()) {
            legs.forEach(leg -> leg.stopAfter(looked));
            return false;
        }
        boolean isWanted = false;
        for (Leg leg : legs) {
            if (leg.want().isOpen()) {
                leg.want().receiver().wanting = leg;
                isWanted = true;
            }
        }
        long begun = next;
        try {
            next = ring.replay(begun, looksMax, RingReplay::give, stamps);
        } finally {
            legs.forEach(leg -> leg.want().receiver().wanting = null);
        }
        if (next > begun) {
            looked = ring.at(next - 1);
        }
        return isWanted && next < ring.end() && !ring.at(next).isAfter(until);
    }

    private static void give(Leg leg, Parcel parcel) {
        if (leg.isFull()) {
            leg.stop();
        } else {
            leg.take(parcel);
            // The ring holds it anyway.
            leg.want().joining().addMissed(parcel, null);
        }
    }
}
