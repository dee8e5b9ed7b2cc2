package dev.convene.gateway.core.log;

import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A group log of which only so many stretches are replayed at a time, over all partitions: each replay holds a whole shard
 * in memory. Further ones wait for their turn, in order, and for room in what is read ahead; those that have waited too long,
 * or find too many waiting, fail with OVERLOADED. Thread-safe.
 */
public final class LimitedPasses implements GroupLog {
    /** Replays at a time. */
    public static final int PASSES_MAX = 4;
    /** Replays that may wait for their turn. */
    static final int WAITING_MAX = 1000;
    /** Longest wait for a turn. */
    static final long WAIT_MAX_MS = 30_000;
    /** How often room is looked for, and who has waited too long. */
    private static final long LOOK_MS = 50;

    private record Waiting(Supplier<CompletableFuture<Void>> pass, CompletableFuture<Void> ended, long sinceMs) {}

    private final GroupLog log;
    private final Scheduler scheduler;
    private final ReadAhead ahead;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int running;
    private boolean looking;

    public LimitedPasses(GroupLog log, Scheduler scheduler, ReadAhead ahead) {
        this.log = log;
        this.scheduler = scheduler;
        this.ahead = ahead;
    }

    /** What its replays may read ahead. */
    public ReadAhead ahead() {
        return ahead;
    }

    /** Whether somebody waits for another replay to end. */
    public synchronized boolean isAwaited() {
        return running == PASSES_MAX && !waiting.isEmpty();
    }

    @Override
    public CompletableFuture<Void> replay(int partition, long from, long to, Replay replay) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Supplier<CompletableFuture<Void>> pass = () -> log.replay(partition, from, to, replay);
        synchronized (this) {
            if (waiting.size() >= WAITING_MAX) {
                return CompletableFuture.failedFuture(new ConveneException(ErrorCode.OVERLOADED));
            }
            waiting.add(new Waiting(pass, ended, scheduler.nowMs()));
        }
        begin();
        return ended;
    }

    private void begin() {
        List<Waiting> begun = new ArrayList<>();
        synchronized (this) {
            while (running < PASSES_MAX && !waiting.isEmpty() && ahead.hasRoom()) {
                running++;
                begun.add(waiting.remove());
            }
            if (!waiting.isEmpty() && !looking) {
                looking = true;
                scheduler.after(LOOK_MS, this::look);
            }
        }
        for (Waiting one : begun) {
            one.pass.get().whenComplete((nothing, failure) -> {
                synchronized (this) {
                    running--;
                }
                if (failure == null) {
                    one.ended.complete(null);
                } else {
                    one.ended.completeExceptionally(failure);
                }
                begin();
            });
        }
    }

    private void look() {
        List<Waiting> late = new ArrayList<>();
        synchronized (this) {
            looking = false;
            while (!waiting.isEmpty() && scheduler.nowMs() - waiting.element().sinceMs >= WAIT_MAX_MS) {
                late.add(waiting.remove());
            }
        }
        late.forEach(one -> one.ended.completeExceptionally(new ConveneException(ErrorCode.OVERLOADED)));
        begin();
    }

    @Override
    public String epoch() {
        return log.epoch();
    }

    @Override
    public int partitions() {
        return log.partitions();
    }

    @Override
    public void follow(int partition, Follower follower) {
        log.follow(partition, follower);
    }

    @Override
    public void leave(int partition) {
        log.leave(partition);
    }

    @Override
    public void execute(Runnable task) {
        log.execute(task);
    }

    @Override
    public CompletableFuture<Long> oldest(int partition) {
        return log.oldest(partition);
    }

    @Override
    public CompletableFuture<Long> offsetAt(int partition, long wallMs) {
        return log.offsetAt(partition, wallMs);
    }
}
