package dev.convene.gateway.core.request;

import dev.convene.gateway.core.log.LogState;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Ends what waits for the logs while these are away: nobody waits longer than the patience then, however long the same may
 * take while they work (many sessions that come at once wait for their turn). Requests in a {@link Window} have deadlines of
 * their own and are not watched here. Thread-safe.
 */
public final class Patience {
    private static final class Wait {
        private final long sinceMs;
        private final Runnable giveUp;

        Wait(long sinceMs, Runnable giveUp) {
            this.sinceMs = sinceMs;
            this.giveUp = giveUp;
        }
    }

    private final Scheduler scheduler;
    private final long patienceMs;
    private final LogState logs;
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();

    public Patience(Scheduler scheduler, long patienceMs, LogState logs) {
        this.scheduler = scheduler;
        this.patienceMs = patienceMs;
        this.logs = logs;
    }

    /**
     * Watches a wait until it is over.
     *
     * @param giveUp called once if it is not over when the patience has run out and the logs are away
     */
    public void watch(CompletableFuture<?> over, Runnable giveUp) {
        Wait wait = new Wait(scheduler.nowMs(), giveUp);
        waits.add(wait);
        over.whenComplete((value, e) -> waits.remove(wait));
    }

    /**
     * The same, or a refusal if it is not there in time.
     *
     * @param code what it is refused with then
     * @param late gets what comes after that
     */
    public <T> CompletableFuture<T> bound(CompletableFuture<T> source, ErrorCode code, Consumer<T> late) {
        if (source.isDone()) {
            return source;
        }
        CompletableFuture<T> bounded = new CompletableFuture<>();
        source.whenComplete((value, e) -> {
            if (e != null) {
                bounded.completeExceptionally(e);
            } else if (!bounded.complete(value)) {
                late.accept(value);
            }
        });
        watch(bounded, () -> bounded.completeExceptionally(new ConveneException(code)));
        return bounded;
    }

    /** Ends what has waited too long; called ten times a second. */
    public void sweep() {
        if (waits.isEmpty() || !logs.isAway()) {
            return;
        }
        long sinceMs = scheduler.nowMs() - patienceMs;
        for (Wait wait : waits) {
            if (wait.sinceMs <= sinceMs && waits.remove(wait)) {
                wait.giveUp.run();
            }
        }
    }
}
