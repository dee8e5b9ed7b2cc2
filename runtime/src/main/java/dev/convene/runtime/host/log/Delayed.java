package dev.convene.runtime.host.log;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** Tasks for later, few at a time. Not thread-safe. */
final class Delayed {
    private record Later(long atMs, Runnable task) {}

    private final List<Later> tasks = new ArrayList<>();

    void after(long nowMs, long delayMs, Runnable task) {
        tasks.add(new Later(nowMs + delayMs, task));
    }

    /** Gives out what is due and returns in how many milliseconds the next is, at most {@code maxMs}. */
    long run(long nowMs, long maxMs, Consumer<Runnable> runner) {
        List<Runnable> due = new ArrayList<>();
        for (Iterator<Later> each = tasks.iterator(); each.hasNext(); ) {
            Later later = each.next();
            if (later.atMs <= nowMs) {
                each.remove();
                due.add(later.task);
            }
        }
        due.forEach(runner);
        long wait = maxMs;
        for (Later later : tasks) {
            wait = Math.min(wait, Math.max(0, later.atMs - nowMs));
        }
        return wait;
    }
}
