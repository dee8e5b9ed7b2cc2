package dev.convene.gateway.core.log;

import dev.convene.gateway.core.time.Scheduler;
import java.util.concurrent.CompletableFuture;

/**
 * A group log of which only so many stretches are replayed at a time, over all partitions: each replay holds a whole shard
 * in memory. Further ones take their {@link Turns}, and wait for room in what is read ahead. Thread-safe.
 */
public final class LimitedPasses implements GroupLog {
    /** Replays at a time. */
    public static final int PASSES_MAX = 4;
    /** Replays that may wait for their turn. */
    static final int WAITING_MAX = 1000;
    /** Longest wait for a turn. */
    public static final long WAIT_MAX_MS = 30_000;

    private final GroupLog log;
    private final ReadAhead ahead;
    private final Turns turns;

    public LimitedPasses(GroupLog log, Scheduler scheduler, ReadAhead ahead) {
        this.log = log;
        this.ahead = ahead;
        this.turns = new Turns(PASSES_MAX, WAITING_MAX, WAIT_MAX_MS, ahead::hasRoom, scheduler);
    }

    /** What its replays may read ahead. */
    public ReadAhead ahead() {
        return ahead;
    }

    /** Whether somebody waits for another replay to end. */
    public boolean isAwaited() {
        return turns.isAwaited();
    }

    @Override
    public CompletableFuture<Void> replay(int partition, long from, long to, Replay replay) {
        return turns.take(() -> log.replay(partition, from, to, replay));
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
