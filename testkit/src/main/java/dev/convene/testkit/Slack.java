package dev.convene.testkit;

import java.time.Duration;

/**
 * Bounds for what tests measure. How fast things are is shown by the benchmarks, on a quiet machine; a test on a busy one shows
 * that nothing waits for a time-out that has no business there.
 */
public final class Slack {
    private static final int FACTOR = Integer.getInteger("convene.slack", 5);

    private Slack() {}

    /** What is promised, with room for a busy machine. */
    public static Duration of(Duration promised) {
        return promised.multipliedBy(FACTOR);
    }
}
