package dev.convene.benchmarks.report;

import org.jspecify.annotations.Nullable;

/**
 * One line of the report.
 *
 * @param workload what ran
 * @param name what was measured
 * @param unit of the spread and the goal
 * @param spread the figure itself
 * @param goal what it is held against, or null
 */
public record Figure(
        String workload,
        String name,
        String unit,
        Spread spread,
        @Nullable Goal goal) {

    /**
     * What is to be reached.
     *
     * @param limit the bound, in the unit of the figure
     * @param atMost whether the figure must not be above it; otherwise it must not be below
     */
    public record Goal(double limit, boolean atMost) {
        public static Goal atMost(double limit) {
            return new Goal(limit, true);
        }

        public static Goal atLeast(double limit) {
            return new Goal(limit, false);
        }

        boolean isReachedBy(double value) {
            return atMost ? value <= limit : value >= limit;
        }

        String text() {
            return (atMost ? "<= " : ">= ") + Spread.number(limit);
        }
    }

    /** Whether the median reaches the goal; true without one. */
    public boolean reached() {
        return goal == null || goal.isReachedBy(spread.median());
    }

    String verdict() {
        if (goal == null) {
            return "";
        }
        return goal.text() + (reached() ? "  reached" : "  NOT REACHED");
    }
}
