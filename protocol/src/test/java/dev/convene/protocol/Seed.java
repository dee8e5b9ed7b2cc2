package dev.convene.protocol;

import java.util.Random;
import java.util.function.Consumer;

/** Runs a check on many random inputs; a failure names the seed, and {@code -Dconvene.seed=...} repeats it. */
public final class Seed {
    private Seed() {}

    /** Runs {@code check} {@code runs} times, each with a seed of its own. */
    public static void forEach(int runs, Consumer<Random> check) {
        Long given = Long.getLong("convene.seed");
        long first = given == null ? System.nanoTime() : given;
        for (int i = 0; i < (given == null ? runs : 1); i++) {
            long seed = first + i;
            try {
                check.accept(new Random(seed));
            } catch (RuntimeException | Error e) {
                throw new AssertionError("failed with -Dconvene.seed=" + seed + ": " + e, e);
            }
        }
    }
}
