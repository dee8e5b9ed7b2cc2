package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.log.LimitedPasses;
import dev.convene.gateway.core.log.ReadAhead;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gives resumed sessions what they missed, then lets what came meanwhile follow. Sessions that resume together share one
 * search of the ring or one pass over the log. For the tail's thread.
 */
final class Replays {
    private static final long OLDEST_KEPT_MS = 1000;
    /** How often it is looked whether those who catch up need another pass. */
    private static final long BUSY_MS = 20;

    /** Looks at entries and receivers of a ring at a time: what is live waits for it, about a millisecond. */
    private static final int LOOKS_MAX = 16_384;

    /** What waits for its turn in one partition. */
    private static final class Turn {
        final List<Want> waiting = new ArrayList<>();
        /** Whether somebody waits; for the thread of the replay that runs. */
        volatile boolean awaited;

        boolean scheduled;
        /** Replays that run: by the ring, by a pass over the log. */
        int running;
    }

    private final Tail tail;
    private final LimitedPasses log;
    private final Scheduler scheduler;
    private final Pushes pushes;
    private final Courier courier;
    private final CatchUp catchUp;
    private final long aheadMax;

    private record Oldest(CompletableFuture<Long> offset, long askedMs) {}

    /** By partition the oldest offset that is kept, as of a moment ago. */
    private final Map<Integer, Oldest> oldest = new HashMap<>();

    private final Map<Integer, Turn> turns = new HashMap<>();

    Replays(Tail tail, LimitedPasses log, Scheduler scheduler, Pushes pushes, Courier courier) {
        this.tail = tail;
        this.log = log;
        this.scheduler = scheduler;
        this.pushes = pushes;
        this.courier = courier;
        this.catchUp = new CatchUp(tail, log, scheduler, courier, this);
        this.aheadMax = CatchUp.partOf(tail.settings().queuedBytesMax());
    }

    /** What was read and has not been given yet. */
    ReadAhead ahead() {
        return log.ahead();
    }

    /** Where what it has gathered is given. */
    CatchUp catchUp() {
        return catchUp;
    }

    /**
     * Holds the session's stream of this partition back, and says whether what is missing can be given.
     *
     * @param given the newest position there that the client has; null if it gave none: then it goes on after what it has
     *     confirmed, or else where it was attached
     */
    CompletableFuture<Boolean> prepare(
            Receiver receiver, Place place, GroupPartition partition, @Nullable Position given, Position liveAfter) {
        LocalSession session = receiver.session;
        if (session == null) {
            return CompletableFuture.completedFuture(false);
        }
        place.clear();
        place.hold(liveAfter);
        Position known = partition.machine().reached(receiver.id);
        if (given == null && known == null) {
            // Attached before that was remembered: nothing is missed if it is in no group here.
            place.reached = liveAfter;
            return CompletableFuture.completedFuture(
                    partition.membersOf(receiver.id).isEmpty());
        }
        // Attached and resumed by one record: nothing lies between.
        boolean justAttached = given == null && known != null && known.isAfter(liveAfter);
        Position from = given != null ? given : known == null || justAttached ? liveAfter : known;
        place.reached = from;
        if (from.equals(liveAfter)) {
            return CompletableFuture.completedFuture(true);
        }
        if (from.isAfter(liveAfter)) {
            return CompletableFuture.completedFuture(false);
        }
        Joining joining = place.joining;
        if (joining == null) {
            return CompletableFuture.completedFuture(false);
        }
        Want want = new Want(receiver, session, place, joining, from, liveAfter);
        joining.prepared = want;
        if (isInRing(want, partition)) {
            return CompletableFuture.completedFuture(true);
        }
        return oldest(partition.partition()).thenApply(kept -> firstRead(from) >= kept);
    }

    /** The record of the position itself may have more effects than the one that the client has. */
    private static long firstRead(Position from) {
        return Math.max(0, from.offset());
    }

    /** Many resume together: they need not all ask the broker. Whoever is told too early finds out in the replay. */
    private CompletableFuture<Long> oldest(int partition) {
        long nowMs = scheduler.nowMs();
        Oldest known = oldest.get(partition);
        if (known == null || nowMs - known.askedMs >= OLDEST_KEPT_MS || known.offset.isCompletedExceptionally()) {
            known = new Oldest(log.oldest(partition), nowMs);
            oldest.put(partition, known);
        }
        return known.offset;
    }

    private static boolean isInRing(Want want, GroupPartition partition) {
        return !want.place().since.isAfter(want.from())
                && partition.fanOut().ring().covers(want.from());
    }

    /** Gives the session everything that was found missing. */
    void start(@Nullable Receiver receiver, LocalSession session) {
        if (receiver == null || receiver.session != session) {
            return;
        }
        for (Place place : receiver.places()) {
            Joining joining = place.joining;
            Want want = joining == null ? null : joining.prepared;
            if (joining != null && want != null) {
                joining.prepared = null;
                enqueue(want);
            } else {
                catchUp.opened(receiver, place);
            }
        }
        courier.batchEnded();
    }

    /** Replays something when its partition's turn comes. */
    void enqueue(Want want) {
        int partition = want.place().partition;
        Turn turn = turns.computeIfAbsent(partition, p -> new Turn());
        turn.waiting.add(want);
        turn.awaited = true;
        schedule(partition, turn);
    }

    private void schedule(int partition, Turn turn) {
        schedule(partition, turn, tail.settings().resumeBatchMs());
    }

    private void schedule(int partition, Turn turn, long delayMs) {
        if (!turn.scheduled && turn.running == 0 && !turn.waiting.isEmpty()) {
            turn.scheduled = true;
            scheduler.after(delayMs, () -> log.execute(() -> run(partition, turn)));
        }
    }

    private void run(int number, Turn turn) {
        turn.scheduled = false;
        if (catchUp.isBusy()) {
            // What is read now would only lie about. Those who come meanwhile share the pass.
            schedule(number, turn, BUSY_MS);
            return;
        }
        List<Want> wants = new ArrayList<>(turn.waiting);
        turn.waiting.clear();
        turn.awaited = false;
        wants.removeIf(want -> !want.isOpen());
        GroupPartition partition = tail.followed().known(number);
        if (partition == null || wants.isEmpty()) {
            return;
        }
        List<Leg> byRing = new ArrayList<>();
        List<Leg> byPass = new ArrayList<>();
        wants.forEach(want -> (isInRing(want, partition) ? byRing : byPass).add(new Leg(want, aheadMax)));
        if (!byPass.isEmpty()) {
            turn.running++;
            fromLog(number, turn, byPass);
        }
        // Last: its first stretch may be all, and then it looks whether anything runs.
        if (!byRing.isEmpty()) {
            turn.running++;
            fromRing(number, turn, new RingReplay(partition.fanOut().ring(), byRing, tail.stamps()));
        }
    }

    private void whenNotBusy(Runnable next) {
        if (catchUp.isBusy()) {
            scheduler.after(BUSY_MS, () -> log.execute(() -> whenNotBusy(next)));
        } else {
            next.run();
        }
    }

    private void fromRing(int partition, Turn turn, RingReplay replay) {
        boolean more = replay.advance(LOOKS_MAX);
        for (Leg leg : replay.legs()) {
            if (!more) {
                if (leg.rest() == null) {
                    tail.counters().resumesByRing.increment();
                }
                end(leg);
            } else if (leg.want().isOpen()) {
                catchUp.pump(leg.want().receiver());
            }
        }
        courier.batchEnded();
        if (more) {
            log.execute(() -> whenNotBusy(() -> fromRing(partition, turn, replay)));
        } else {
            turn.running--;
            schedule(partition, turn);
        }
    }

    private void fromLog(int partition, Turn turn, List<Leg> legs) {
        long from = Long.MAX_VALUE;
        long to = 0;
        for (Leg leg : legs) {
            from = Math.min(from, firstRead(leg.want().from()));
            to = Math.max(to, leg.want().until().offset() + 1);
        }
        ReplayCollector collector = new ReplayCollector(
                legs, pushes, ahead(), steps -> log.execute(() -> give(steps)), () -> turn.awaited || log.isAwaited());
        log.replay(partition, from, to, collector).whenComplete((nothing, failure) -> {
            collector.flush();
            log.execute(() -> {
                turn.running--;
                for (Leg leg : legs) {
                    if (failure == null) {
                        end(leg);
                    } else if (leg.want().isOpen()) {
                        tail.cut(leg.want().receiver(), whyNot(failure));
                    }
                }
                courier.batchEnded();
                schedule(partition, turn);
            });
        });
    }

    /** What only fails at present is worth another resume by the same position; what is gone, or too far, is not. */
    private static CloseCode whyNot(Throwable failure) {
        return switch (ConveneException.of(failure).code()) {
            case NOT_RECOVERED, TIMED_OUT -> CloseCode.POSITION_LOST;
            case SHARD_HALTED -> CloseCode.SHARD_HALTED;
            default -> CloseCode.TRY_LATER;
        };
    }

    private void give(ReplayCollector.Chunk chunk) {
        for (ReplayCollector.Step step : chunk.steps()) {
            for (Leg leg : step.to()) {
                Want want = leg.want();
                if (want.isOpen()) {
                    want.joining().addMissed(step.parcel(), step.share());
                } else {
                    step.share().release();
                }
            }
        }
        for (Leg leg : chunk.takers()) {
            catchUp.pump(leg.want().receiver());
        }
        courier.batchEnded();
        chunk.given();
    }

    /** A replay has come to its end, or has gathered as much as may wait. */
    private void end(Leg leg) {
        Want want = leg.want();
        if (!want.isOpen()) {
            return;
        }
        Want rest = leg.rest();
        if (rest == null) {
            catchUp.opened(want.receiver(), want.place());
        } else {
            want.joining().paused = rest;
            catchUp.pump(want.receiver());
        }
    }
}
