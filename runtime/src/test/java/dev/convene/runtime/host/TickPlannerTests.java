package dev.convene.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.runtime.host.TickPlanner.Due;
import org.junit.jupiter.api.Test;

class TickPlannerTests {
    private static final long NEVER = Long.MAX_VALUE;
    private static final Due NOTHING = new Due(false, NEVER, NEVER);
    private static final long WALL = 1_000_000;

    private final TickPlanner planner = new TickPlanner();

    @Test
    void appendsNothingWhileNothingIsDue() {
        planner.begin(100, 0);

        assertThat(planner.waitMs(NOTHING, 1_000_000, WALL)).isEqualTo(NEVER);
    }

    @Test
    void ticksAtOnceWhenATimerWasSetAndThenNotSoonerThanApart() {
        planner.begin(0, 1000);
        Due set = new Due(true, NEVER, NEVER);
        assertThat(planner.waitMs(set, 1000, WALL)).isLessThanOrEqualTo(0);

        planner.sent(0, 1000);
        assertThat(planner.waitMs(set, 1001, WALL)).isEqualTo(NEVER);
        planner.acknowledged(7);
        planner.applied(8, 0, 1002);

        assertThat(planner.waitMs(set, 1002, WALL)).isEqualTo(TickPlanner.APART_MS - 2);
    }

    @Test
    void ticksWhenServedTimeIsDueAndOnceInASecondOnTheWay() {
        planner.begin(5000, 0);
        planner.sent(5000, 0);
        planner.acknowledged(1);
        planner.applied(2, 5000, 0);

        assertThat(planner.waitMs(new Due(false, 5300, NEVER), 100, WALL)).isEqualTo(200);
        assertThat(planner.waitMs(new Due(false, 60_000, NEVER), 100, WALL)).isEqualTo(900);
    }

    @Test
    void waitsForWallTimeWithoutTicksOnTheWay() {
        planner.begin(0, 0);

        assertThat(planner.waitMs(new Due(false, NEVER, WALL + 86_400_000), 100, WALL))
                .isEqualTo(86_400_000);
        assertThat(planner.waitMs(new Due(false, NEVER, WALL), 100, WALL + 1)).isLessThanOrEqualTo(0);
    }

    @Test
    void doesNotCountAnOutage() {
        planner.begin(1000, 0);
        // The broker was away for a minute: the machine takes two seconds of it.
        long said = planner.servedMs(60_000);
        assertThat(said).isEqualTo(61_000);
        planner.sent(said, 60_000);
        planner.acknowledged(10);

        planner.applied(11, 3000, 60_005);

        assertThat(planner.servedMs(60_105)).isEqualTo(3100);
    }

    @Test
    void plansAnotherTickWhenOneWasNotAcknowledged() {
        planner.begin(0, 0);
        planner.sent(0, 0);
        planner.failed();

        assertThat(planner.waitMs(new Due(true, NEVER, NEVER), 2000, WALL)).isLessThanOrEqualTo(0);
    }

    @Test
    void waitsUntilItsTickIsAppliedAndNotOnlyAcknowledged() {
        planner.begin(0, 0);
        planner.sent(0, 0);
        planner.acknowledged(10);
        planner.applied(10, 0, 5);

        assertThat(planner.waitMs(new Due(true, NEVER, NEVER), 50, WALL)).isEqualTo(NEVER);
    }
}
