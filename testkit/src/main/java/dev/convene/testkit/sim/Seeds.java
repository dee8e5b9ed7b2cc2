package dev.convene.testkit.sim;

import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Which seeds a test runs. {@code -Dconvene.seed=N} runs that one alone; {@code -Dconvene.seeds=N} runs so many;
 * {@code -Dconvene.seedsFrom=N} says with which to begin.
 */
public final class Seeds {
    /** A machine may be slow, and the number of seeds that were run is printed; but they must not be next to none. */
    private static final int LEAST_PART = 10;

    private static final StackWalker CALLER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Seeds() {}

    /**
     * Runs seeds one after the other, from 1, until all are done or the time is up. Prints how many it were and, if one
     * fails, how to run that one again. To be called by the test class itself.
     *
     * @param count how many, unless a property says otherwise
     * @return how many were run
     * @throws AssertionError if the time was up before a tenth of {@code count} were run: what was not run was not tested
     */
    public static int each(int count, Duration budget, LongConsumer run) {
        return each(CALLER.getCallerClass().getSimpleName(), 1, count, budget, run);
    }

    /**
     * The same.
     *
     * @param from the first seed, unless a property says otherwise
     */
    public static int each(long from, int count, Duration budget, LongConsumer run) {
        return each(CALLER.getCallerClass().getSimpleName(), from, count, budget, run);
    }

    private static int each(String test, long from, int count, Duration budget, LongConsumer run) {
        Long only = Long.getLong("convene.seed");
        int wanted = only != null ? 1 : Integer.getInteger("convene.seeds", count);
        long first = only != null ? only : Long.getLong("convene.seedsFrom", from);
        return run(test, first, wanted, Math.min(wanted, (count + LEAST_PART - 1) / LEAST_PART), budget, run);
    }

    static int run(String test, long first, int wanted, int least, Duration budget, LongConsumer run) {
        long start = System.nanoTime();
        int done = 0;
        while (done < wanted && (done == 0 || System.nanoTime() - start < budget.toNanos())) {
            long seed = first + done;
            try {
                run.accept(seed);
            } catch (RuntimeException | AssertionError e) {
                System.out.println("SEED " + seed + " of " + test + " failed after " + done + " others; again: "
                        + "CONVENE_TEST_OPTS='-Dtest=" + test + " -Dconvene.seed=" + seed
                        + " -Dsurefire.failIfNoSpecifiedTests=false' ./convene test");
                throw e;
            }
            done++;
        }
        System.out.printf(
                "SEEDS %s: %d of %d (%d to %d) in %.1f s%n",
                test, done, wanted, first, first + done - 1, (System.nanoTime() - start) / 1e9);
        if (done < least) {
            throw new AssertionError(test + " ran " + done + " of " + wanted + " seeds in " + budget.toSeconds()
                    + " s, and at least " + least + " have to be run");
        }
        return done;
    }
}
