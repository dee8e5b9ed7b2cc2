package dev.convene.gateway.core.log;

import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Only so many tasks at a time. Further ones wait for their turn, in order; those that have waited too long, or find too many
 * waiting, fail with OVERLOADED. Thread-safe; no lock is held while a task begins.
 */
public final class Turns {
    /** How often it is seen whether there is room, and who has waited too long. */
    private static final long LOOK_MS = 50;

    private record Waiting<T>(Supplier<CompletableFuture<T>> task, CompletableFuture<T> ended, long sinceMs) {}

    private final int runningMax;
    private final int waitingMax;
    private final long waitMaxMs;
    private final BooleanSupplier hasRoom;
    private final Scheduler scheduler;
    private final Deque<Waiting<?>> waiting = new ArrayDeque<>();
    private int running;
    private boolean looking;

    /**
     * @param runningMax most tasks at a time
     * @param waitingMax most tasks that wait
     * @param waitMaxMs longest wait for a turn
     * @param hasRoom whether a task may begin at present, asked under a lock
     */
    public Turns(int runningMax, int waitingMax, long waitMaxMs, BooleanSupplier hasRoom, Scheduler scheduler) {
        this.runningMax = runningMax;
        this.waitingMax = waitingMax;
        this.waitMaxMs = waitMaxMs;
        this.hasRoom = hasRoom;
        this.scheduler = scheduler;
    }

    /** Begins it when its turn comes. */
    public <T> CompletableFuture<T> take(Supplier<CompletableFuture<T>> task) {
        CompletableFuture<T> ended = new CompletableFuture<>();
        synchronized (this) {
            if (waiting.size() >= waitingMax) {
                return CompletableFuture.failedFuture(new ConveneException(ErrorCode.OVERLOADED));
            }
            waiting.add(new Waiting<>(task, ended, scheduler.nowMs()));
        }
        begin();
        return ended;
    }

    /** Whether somebody waits for another one to end. */
    public synchronized boolean isAwaited() {
        return running == runningMax && !waiting.isEmpty();
    }

    private void begin() {
        List<Waiting<?>> begun = new ArrayList<>();
        synchronized (this) {
            while (running < runningMax && !waiting.isEmpty() && hasRoom.getAsBoolean()) {
                running++;
                begun.add(waiting.remove());
            }
            if (!waiting.isEmpty() && !looking) {
                looking = true;
                scheduler.after(LOOK_MS, this::look);
            }
        }
        begun.forEach(this::run);
    }

    private <T> void run(Waiting<T> one) {
        CompletableFuture<T> task;
        try {
            task = one.task.get();
        } catch (RuntimeException e) {
            task = CompletableFuture.failedFuture(e);
        }
        task.whenComplete((result, failure) -> {
            synchronized (this) {
                running--;
            }
            if (failure == null) {
                one.ended.complete(result);
            } else {
                one.ended.completeExceptionally(failure);
            }
            begin();
        });
    }

    private void look() {
        List<Waiting<?>> late = new ArrayList<>();
        synchronized (this) {
            looking = false;
            while (!waiting.isEmpty() && scheduler.nowMs() - waiting.element().sinceMs >= waitMaxMs) {
                late.add(waiting.remove());
            }
        }
        late.forEach(one -> one.ended.completeExceptionally(new ConveneException(ErrorCode.OVERLOADED)));
        begin();
    }
}
