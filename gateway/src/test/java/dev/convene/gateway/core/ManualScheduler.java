package dev.convene.gateway.core;

import dev.convene.gateway.core.time.Scheduler;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that stands still until it is moved. */
public final class ManualScheduler implements Scheduler {
    private record Task(long atMs, long number, Runnable action) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atMs).thenComparingLong(Task::number));
    private long nowMs = 1_000_000;
    private long numbers;

    @Override
    public long nowMs() {
        return nowMs;
    }

    @Override
    public long nowNanos() {
        return nowMs * 1_000_000;
    }

    @Override
    public long wallMs() {
        return nowMs;
    }

    @Override
    public Delayed after(long delayMs, Runnable task) {
        Task added = new Task(nowMs + delayMs, numbers++, task);
        tasks.add(added);
        return () -> tasks.remove(added);
    }

    /** What is to run later. */
    public int waiting() {
        return tasks.size();
    }

    public void advance(long ms) {
        nowMs += ms;
    }

    /** Runs one task that is due. */
    public boolean runDue() {
        Task first = tasks.peek();
        if (first == null || first.atMs() > nowMs) {
            return false;
        }
        tasks.remove().action().run();
        return true;
    }
}
