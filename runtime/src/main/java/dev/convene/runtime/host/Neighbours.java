package dev.convene.runtime.host;

import dev.convene.runtime.host.beat.Beat;
import dev.convene.runtime.host.beat.BeatBook;
import dev.convene.runtime.host.beat.Life;
import dev.convene.runtime.host.beat.Placement;
import dev.convene.runtime.machine.MachineView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a replica knows from the beats about the others of its shard. Belongs to the reader's thread. */
final class Neighbours {
    /** Who was heard within this time counts as there, milliseconds. */
    private static final long THERE_MS = 1500;

    private final Hosting<?> hosting;
    private final int partition;
    private final BeatBook book;
    /** Since when the owner has been heard without calling itself owner; 0 if it does. */
    private long disownedSinceMs;

    Neighbours(Hosting<?> hosting, int partition) {
        this.hosting = hosting;
        this.partition = partition;
        this.book = hosting.instance().beats().book();
    }

    /** The highest offset below which anybody who was ever heard says that all effects are out. */
    long outBelow() {
        return book.all().stream()
                .flatMap(beat -> beat.held().stream())
                .filter(this::isThisShard)
                .mapToLong(Beat.Held::effectsOut)
                .max()
                .orElse(0);
    }

    /** As the owner's last beat says; 0 if it says nothing. */
    long ownersOutBelow(String owner) {
        Beat.Held held = held(book.last(owner));
        return held == null ? 0 : held.effectsOut();
    }

    /** The instances that follow as standbys, this one included if it does, in the order of placement. */
    List<String> standbys(String owner, long nowMs, boolean self) {
        List<String> names = new java.util.ArrayList<>();
        for (Beat beat : book.heardWithin(THERE_MS, nowMs)) {
            Beat.Held held = held(beat);
            boolean isSelf = beat.life().equals(hosting.instance().life());
            if (!isSelf
                    && !beat.leaving()
                    && held != null
                    && held.standing() == Beat.Standing.STANDBY
                    && !beat.life().toString().equals(owner)) {
                names.add(beat.life().instance());
            }
        }
        if (self) {
            names.add(hosting.instance().life().instance());
        }
        return Placement.holders(hosting.log(), partition, names, Integer.MAX_VALUE);
    }

    /** The standby of that instance, if it has applied all but so many records. */
    boolean isReady(String instanceName, long applied, long behindMax, long nowMs) {
        for (Beat beat : book.heardWithin(THERE_MS, nowMs)) {
            Beat.Held held = held(beat);
            if (beat.life().instance().equals(instanceName)
                    && held != null
                    && held.standing() == Beat.Standing.STANDBY
                    && held.applied() >= applied - behindMax) {
                return true;
            }
        }
        return false;
    }

    /** Whether another instance is heard to own the shard. */
    boolean hasOtherOwner(long nowMs) {
        for (Beat beat : book.heardWithin(THERE_MS, nowMs)) {
            Beat.Held held = held(beat);
            if (!beat.life().equals(hosting.instance().life())
                    && held != null
                    && held.standing() == Beat.Standing.OWNER) {
                return true;
            }
        }
        return false;
    }

    /**
     * What there is to know for a takeover.
     *
     * @param termReadMs when the present term was read; {@link Long#MIN_VALUE} if it stood there at the start
     * @param readySinceMs since when this standby could have claimed
     */
    Takeover.Situation situation(MachineView view, long termReadMs, long readySinceMs, int rank, long nowMs) {
        String owner = view.owner();
        Life self = hosting.instance().life();
        boolean ownRun = hosting.instance().settings().exclusive()
                && Life.instanceOf(owner).equals(self.instance())
                && !owner.equals(self.toString());
        Beat last = book.last(owner);
        boolean stoodThere = termReadMs == Long.MIN_VALUE;
        return new Takeover.Situation(
                view.term(),
                ownRun,
                stoodThere && book.wasSilentAtStart(owner, Takeover.SILENCE_MS),
                last != null && isLeaving(last),
                book.silentMs(owner, nowMs),
                disownedMs(last, view.term(), termReadMs, nowMs),
                nowMs - readySinceMs,
                rank);
    }

    private boolean isLeaving(Beat last) {
        Beat.Held held = held(last);
        return last.leaving()
                || held != null
                        && (held.standing() == Beat.Standing.LEAVING || held.standing() == Beat.Standing.HALTED);
    }

    private long disownedMs(@Nullable Beat last, long term, long termReadMs, long nowMs) {
        Beat.Held held = held(last);
        boolean owns = last == null || held != null && held.standing() == Beat.Standing.OWNER && held.term() >= term;
        if (owns) {
            disownedSinceMs = 0;
            return 0;
        }
        if (disownedSinceMs == 0) {
            disownedSinceMs = nowMs;
        }
        return nowMs - Math.max(disownedSinceMs, termReadMs);
    }

    private Beat.@Nullable Held held(@Nullable Beat beat) {
        if (beat != null) {
            for (Beat.Held held : beat.held()) {
                if (isThisShard(held)) {
                    return held;
                }
            }
        }
        return null;
    }

    private boolean isThisShard(Beat.Held held) {
        return held.partition() == partition
                && held.log().equals(hosting.log())
                && held.epoch().equals(hosting.epoch().text());
    }
}
