package dev.convene.testkit.sim;

/** A run went wrong: {@code -Dconvene.seed=} with this seed runs it again. */
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1;

    SimulationFailure(long seed, long atMs, String trace, Throwable cause) {
        super(
                "seed " + seed + " at " + atMs + " ms (run it again with -Dconvene.seed=" + seed + "): "
                        + cause.getMessage() + "\n  " + trace,
                cause);
    }
}
