package dev.convene.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.Contract;
import dev.convene.testkit.check.order.Event;
import dev.convene.testkit.check.order.SessionHistory;
import dev.convene.testkit.check.order.Violations;
import dev.convene.testkit.sim.Seeds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The groups system under crashes, pauses, lost acknowledgements and delay keeps every promise, for every seed. */
class GroupsSimulationTests {
    private static final int SEEDS = 100;
    private static final int MANY_SEEDS = 500;
    private static final long MANY_FROM = 1001;
    private static final Duration BUDGET = Duration.ofMinutes(4);

    @Test
    @Contract({"G22", "G26", "G27", "G28", "G29", "G30", "G31", "G32", "G50", "G52", "G53", "G54", "G56", "G59", "G65"})
    void everySessionSeesWhatWasPromisedWhateverFails() {
        Seeds.each(SEEDS, BUDGET, GroupsSimulationTests::run);
    }

    @Test
    @Tag("faults")
    void theSameForManySeeds() {
        Seeds.each(MANY_FROM, MANY_SEEDS, BUDGET, GroupsSimulationTests::run);
    }

    private static void run(long seed) {
        GroupsRun run = new GroupsRun(seed, null);
        Violations violations = run.run();
        if (!violations.isEmpty()) {
            throw run.simulation().failure(new AssertionError(violations.toString()));
        }
    }

    @Test
    void runsAreNotIdle() {
        GroupsRun run = new GroupsRun(1, null);
        run.run();
        List<Event> events = run.histories().stream()
                .map(SessionHistory::events)
                .flatMap(List::stream)
                .toList();
        assertThat(events).hasAtLeastOneElementOfType(Event.Resumed.class);
        assertThat(events).hasAtLeastOneElementOfType(Event.Delivered.class);
        assertThat(events.stream().filter(Event.View.class::isInstance).count()).isGreaterThan(20);
        assertThat(events.stream().filter(Event.Delivered.class::isInstance).count())
                .isGreaterThan(100);
    }
}
