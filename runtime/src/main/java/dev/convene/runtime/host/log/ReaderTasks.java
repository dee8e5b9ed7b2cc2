package dev.convene.runtime.host.log;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a reader's thread does between two polls. Tasks and turns are added by any thread, the rest is the reader's. */
final class ReaderTasks {
    private static final Logger log = LoggerFactory.getLogger(ReaderTasks.class);

    private final String name;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final List<LogReader.Turn> turns = new CopyOnWriteArrayList<>();
    private final Delayed delayed = new Delayed();

    ReaderTasks(String name) {
        this.name = name;
    }

    void add(Runnable task) {
        count.incrementAndGet();
        tasks.add(task);
    }

    int count() {
        return count.get();
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    void addTurn(LogReader.Turn turn) {
        turns.add(turn);
    }

    void removeTurn(LogReader.Turn turn) {
        turns.remove(turn);
    }

    /** For the reader's thread only. */
    void after(long nowMs, long delayMs, Runnable task) {
        delayed.after(nowMs, delayMs, task);
    }

    /**
     * Runs the tasks that were there at the beginning, those only that begin within some time: neither many tasks nor those
     * that add tasks keep the records waiting.
     */
    void run(LongSupplier nanos, long nanosMax) {
        int left = count.get();
        if (left == 0) {
            return;
        }
        long start = nanos.getAsLong();
        for (; left > 0 && nanos.getAsLong() - start < nanosMax; left--) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            count.decrementAndGet();
            runGuarded(task);
        }
    }

    /** Runs delayed tasks and turns; returns in how many milliseconds the next one is wanted, at most {@code maxMs}. */
    long turn(long nowMs, long maxMs) {
        long wait = delayed.run(nowMs, maxMs, this::runGuarded);
        for (LogReader.Turn turn : turns) {
            try {
                wait = Math.min(wait, Math.max(0, turn.run(nowMs)));
            } catch (RuntimeException e) {
                log.error("Reader {}: a turn failed", name, e);
            }
        }
        return wait;
    }

    private void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("Reader {}: a task failed", name, e);
        }
    }
}
