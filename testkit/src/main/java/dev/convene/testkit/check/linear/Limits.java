package dev.convene.testkit.check.linear;

import java.time.Duration;
import java.util.Objects;

/**
 * How much one search may cost. Deciding linearizability is NP-complete (Gibbons and Korach 1997), so a search without
 * limits may never end.
 *
 * @param stepsMax          how many operations it may try
 * @param configurationsMax how many visited configurations it may remember, each a few hundred bytes
 * @param timeMax           how long it may take
 */
public record Limits(long stepsMax, int configurationsMax, Duration timeMax) {

    /** 100 million steps, a million configurations, a minute. */
    public static final Limits DEFAULT = new Limits(100_000_000, 1_000_000, Duration.ofMinutes(1));

    private static final int EXPLAINING = 20;

    public Limits {
        Objects.requireNonNull(timeMax, "timeMax");
        if (stepsMax < 1 || configurationsMax < 1 || timeMax.isNegative()) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /** For the searches that only explain what another one found: a twentieth of everything. */
    Limits forExplaining() {
        return new Limits(
                Math.max(1, stepsMax / EXPLAINING),
                Math.max(1, configurationsMax / EXPLAINING),
                timeMax.dividedBy(EXPLAINING));
    }
}
