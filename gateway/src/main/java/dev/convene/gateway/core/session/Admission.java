package dev.convene.gateway.core.session;

import dev.convene.gateway.core.time.Scheduler;
import dev.convene.gateway.core.time.TokenBucket;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Lets sessions be taken up a few at a time, in the order in which they ask, when thousands come back together. How long one
 * takes tells how busy this gateway, the log and its shards are, since it goes through all of them as live messages do: so
 * few at a time are many a second while nothing waits, and become fewer as soon as everything takes longer. But they are never
 * fewer than so many a second, so that all get through however busy the rest is. Thread-safe.
 */
final class Admission {
    /** How often it is looked whether the lowest rate lets one more through, milliseconds. */
    private static final long TURN_MS = 5;

    private final int underWayMax;
    private final int waitingMax;
    private final Scheduler scheduler;
    /** What the lowest rate owes. */
    private final TokenBucket owed;

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(0);
    private int underWay;
    private boolean turning;

    /**
     * @param underWayMax how many are taken up at a time, 1 or more
     * @param perSecondMin how many a second begin even if none ends, 1 or more
     * @param waitingMax how many may wait for their turn
     */
    Admission(int underWayMax, int perSecondMin, int waitingMax, Scheduler scheduler) {
        this.underWayMax = underWayMax;
        this.waitingMax = waitingMax;
        this.scheduler = scheduler;
        this.owed = new TokenBucket(perSecondMin, Math.max(1, perSecondMin * TURN_MS / 1000.0), scheduler.nowNanos());
    }

    /**
     * Begins something at once or when its turn has come.
     *
     * @return its outcome; OVERLOADED if too many wait
     */
    <T> CompletableFuture<T> admit(Supplier<CompletableFuture<T>> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        synchronized (this) {
            if (waiting.size() >= waitingMax) {
                return CompletableFuture.failedFuture(new ConveneException(ErrorCode.OVERLOADED));
            }
            waiting.addLast(() -> begin(action, result));
        }
        letIn();
        return result;
    }

    private <T> void begin(Supplier<CompletableFuture<T>> action, CompletableFuture<T> result) {
        CompletableFuture<T> outcome;
        try {
            outcome = action.get();
        } catch (RuntimeException e) {
            outcome = CompletableFuture.failedFuture(e);
        }
        outcome.whenComplete((value, failure) -> {
            ended();
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    /** There is room for the next. It does not begin here: this may be the tail's thread. */
    private void ended() {
        synchronized (this) {
            underWay--;
            if (waiting.isEmpty()) {
                return;
            }
        }
        scheduler.after(0, this::letIn);
    }

    private void letIn() {
        takeTurns().forEach(Runnable::run);
    }

    private synchronized List<Runnable> takeTurns() {
        List<Runnable> turns = new ArrayList<>(1);
        while (!waiting.isEmpty()) {
            // Those for whom there is room count for the lowest rate, too.
            boolean isOwed = owed.tryTake(scheduler.nowNanos());
            if (underWay >= underWayMax && !isOwed) {
                turnLater();
                break;
            }
            underWay++;
            turns.add(waiting.removeFirst());
        }
        return turns;
    }

    private void turnLater() {
        if (!turning) {
            turning = true;
            scheduler.after(TURN_MS, () -> {
                synchronized (this) {
                    turning = false;
                }
                letIn();
            });
        }
    }
}
