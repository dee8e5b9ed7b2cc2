package dev.convene.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.Contract;
import dev.convene.testkit.check.order.Event;
import dev.convene.testkit.check.order.Violations;
import dev.convene.testkit.sim.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same with the product's own gateway core: its windows, its fan-out, its resumes and its lives. */
class GatewayCoreSimulationTests {
    private static final int SEEDS = 300;
    private static final int MANY_SEEDS = 2000;
    private static final long MANY_FROM = 1001;
    private static final Duration BUDGET = Duration.ofMinutes(4);

    @Test
    @Contract({"G22", "G26", "G27", "G28", "G29", "G30", "G31", "G32", "G50", "G52", "G53", "G54", "G56", "G59", "G65"})
    void everySessionSeesWhatWasPromisedWhateverFails() {
        Seeds.each(SEEDS, BUDGET, GatewayCoreSimulationTests::run);
    }

    @Test
    @Tag("faults")
    void theSameForManySeeds() {
        Seeds.each(MANY_FROM, MANY_SEEDS, BUDGET, GatewayCoreSimulationTests::run);
    }

    private static void run(long seed) {
        GroupsRun run = GroupsRun.ofProduct(seed);
        Violations violations = run.run();
        if (!violations.isEmpty()) {
            throw run.simulation().failure(new AssertionError(violations.toString()));
        }
    }

    @Test
    void runsAreNotIdle() {
        GroupsRun run = GroupsRun.ofProduct(1);
        run.run();
        assertThat(run.histories().stream()
                        .flatMap(history -> history.events().stream())
                        .filter(Event.Delivered.class::isInstance)
                        .count())
                .isGreaterThan(100);
    }
}
