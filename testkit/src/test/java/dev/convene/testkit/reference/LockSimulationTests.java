package dev.convene.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.sim.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The reference shard in a simulated system under crashes, takeovers, pauses, lost gateways and a forgetful broker. */
class LockSimulationTests {
    private static final int SEEDS = 60;
    private static final Duration BUDGET = Duration.ofSeconds(40);

    @Test
    void locksKeepTheirPromisesWhateverFails() {
        int[] operations = {0};
        int runs = Seeds.each(
                SEEDS, BUDGET, seed -> operations[0] += new LockRun(seed).run().operations());
        assertThat(operations[0]).isGreaterThan(runs * 10);
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertThat(new LockRun(7).run().simulation().steps())
                .isEqualTo(new LockRun(7).run().simulation().steps());
    }
}
