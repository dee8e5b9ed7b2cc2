package dev.convene.testkit.sim;

import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Which seeds a test runs. {@code -Dconvene.seed=N} runs that one alone; {@code -Dconvene.seeds=N} runs so many;
 * {@code -Dconvene.seedsFrom=N} says with which to begin.
 */
public final class Seeds {
    private Seeds() {}

    /**
     * Runs seeds one after the other until all are done or the time is up; at least one.
     *
     * @param count how many, unless a property says otherwise
     * @return how many were run
     */
    public static int each(int count, Duration budget, LongConsumer run) {
        Long only = Long.getLong("convene.seed");
        if (only != null) {
            run.accept(only);
            return 1;
        }
        int wanted = Integer.getInteger("convene.seeds", count);
        long first = Long.getLong("convene.seedsFrom", 1);
        long end = System.nanoTime() + budget.toNanos();
        int done = 0;
        while (done < wanted && (done == 0 || System.nanoTime() < end)) {
            run.accept(first + done);
            done++;
        }
        return done;
    }
}
