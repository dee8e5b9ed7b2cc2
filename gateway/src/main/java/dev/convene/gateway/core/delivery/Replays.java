package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gives resumed sessions what they missed, then lets what came meanwhile follow. Sessions that resume together share one
 * search of the ring or one pass over the log. For the tail's thread.
 */
final class Replays {
    /** What waits for its turn in one partition. */
    private static final class Turn {
        final List<Want> waiting = new ArrayList<>();
        boolean scheduled;
        boolean running;
    }

    private final Tail tail;
    private final GroupLog log;
    private final Scheduler scheduler;
    private final Pushes pushes;
    private final Courier courier;
    /** What was found missing and not asked for yet. */
    private final List<Want> prepared = new ArrayList<>();

    private final Map<Integer, Turn> turns = new HashMap<>();

    Replays(Tail tail, GroupLog log, Scheduler scheduler, Pushes pushes, Courier courier) {
        this.tail = tail;
        this.log = log;
        this.scheduler = scheduler;
        this.pushes = pushes;
        this.courier = courier;
    }

    /** Holds the session's stream of this partition back, and says whether what is missing can be given. */
    CompletableFuture<Boolean> prepare(
            Receiver receiver, Place place, GroupPartition partition, @Nullable Position from, Position liveAfter) {
        LocalSession session = receiver.session;
        if (session == null) {
            return CompletableFuture.completedFuture(false);
        }
        place.clear();
        place.joining = new ArrayDeque<>();
        place.reached = from == null ? liveAfter : from;
        if (from == null) {
            // Nothing was ever given to it from here, and nothing is missed if it is in no group here.
            return CompletableFuture.completedFuture(
                    partition.membersOf(receiver.id).isEmpty());
        }
        if (from.equals(liveAfter)) {
            return CompletableFuture.completedFuture(true);
        }
        if (from.isAfter(liveAfter)) {
            return CompletableFuture.completedFuture(false);
        }
        prepared.removeIf(want -> !want.isOpen());
        Want want = new Want(receiver, session, place, from, liveAfter);
        prepared.add(want);
        if (isInRing(want, partition)) {
            return CompletableFuture.completedFuture(true);
        }
        return log.oldest(partition.partition()).thenApply(oldest -> from.offset() + 1 >= oldest);
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
        List<Place> wanting = new ArrayList<>();
        for (Iterator<Want> all = prepared.iterator(); all.hasNext(); ) {
            Want want = all.next();
            if (want.session() == session) {
                all.remove();
                wanting.add(want.place());
                enqueue(want);
            }
        }
        for (Place place : receiver.places()) {
            if (!wanting.contains(place)) {
                courier.joined(receiver, place);
            }
        }
    }

    private void enqueue(Want want) {
        int partition = want.place().partition;
        Turn turn = turns.computeIfAbsent(partition, p -> new Turn());
        turn.waiting.add(want);
        schedule(partition, turn);
    }

    private void schedule(int partition, Turn turn) {
        if (!turn.scheduled && !turn.running && !turn.waiting.isEmpty()) {
            turn.scheduled = true;
            scheduler.after(tail.settings().resumeBatchMs(), () -> log.execute(() -> run(partition, turn)));
        }
    }

    private void run(int number, Turn turn) {
        turn.scheduled = false;
        List<Want> wants = new ArrayList<>(turn.waiting);
        turn.waiting.clear();
        wants.removeIf(want -> !want.isOpen());
        GroupPartition partition = tail.known(number);
        if (partition == null || wants.isEmpty()) {
            return;
        }
        List<Want> byRing = new ArrayList<>();
        List<Want> byPass = new ArrayList<>();
        wants.forEach(want -> (isInRing(want, partition) ? byRing : byPass).add(want));
        fromRing(byRing, partition);
        if (!byPass.isEmpty()) {
            fromLog(number, turn, byPass);
        }
    }

    private void fromRing(List<Want> wants, GroupPartition partition) {
        if (wants.isEmpty()) {
            return;
        }
        for (Want want : wants) {
            want.receiver().wanted = want.from();
            want.receiver().wantedUntil = want.until();
        }
        partition
                .fanOut()
                .ring()
                .replay(
                        (receiver, parcel) -> {
                            Place place = receiver.place(partition.partition());
                            if (place != null) {
                                courier.replayed(receiver, place, parcel);
                            }
                        },
                        tail.stamps());
        for (Want want : wants) {
            want.receiver().wanted = null;
            tail.counters().resumesByRing.increment();
            finish(want);
        }
        courier.batchEnded();
    }

    private void fromLog(int partition, Turn turn, List<Want> wants) {
        long from = Long.MAX_VALUE;
        long to = 0;
        for (Want want : wants) {
            // The record of the position itself may have more effects than the one that the client has.
            from = Math.min(from, Math.max(0, want.from().offset()));
            to = Math.max(to, want.until().offset() + 1);
        }
        turn.running = true;
        ReplayCollector collector = new ReplayCollector(wants, pushes, steps -> log.execute(() -> give(steps)));
        log.replay(partition, from, to, collector).whenComplete((nothing, failure) -> {
            collector.flush();
            log.execute(() -> {
                turn.running = false;
                for (Want want : wants) {
                    if (failure == null) {
                        finish(want);
                    } else if (want.isOpen()) {
                        tail.cut(want.receiver(), CloseCode.POSITION_LOST);
                    }
                }
                courier.batchEnded();
                schedule(partition, turn);
            });
        });
    }

    private void give(ReplayCollector.Chunk chunk) {
        for (ReplayCollector.Step step : chunk.steps()) {
            for (Want want : step.to()) {
                if (want.isOpen()) {
                    courier.replayed(want.receiver(), want.place(), step.parcel());
                }
            }
        }
        courier.batchEnded();
        chunk.given();
    }

    private void finish(Want want) {
        if (want.isOpen()) {
            courier.joined(want.receiver(), want.place());
        }
    }
}
