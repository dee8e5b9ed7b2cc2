package dev.convene.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTests {

    @Test
    void sendsWhatIsLateAtOnceAndUnderItsOwnTime() {
        Schedule schedule =
                new Schedule(System.nanoTime() - Duration.ofMillis(10).toNanos(), 1_000_000, 5);
        List<Long> dues = new ArrayList<>();
        schedule.run((index, due) -> dues.add(due - schedule.startNanos()));
        assertThat(dues).containsExactly(0L, 1_000_000L, 2_000_000L, 3_000_000L, 4_000_000L);
    }

    @Test
    void sendsNothingBeforeItsTime() {
        Schedule schedule = Schedule.of(1000, Duration.ofMillis(20));
        schedule.run((index, due) -> assertThat(System.nanoTime()).isGreaterThanOrEqualTo(due));
        assertThat(schedule.count()).isEqualTo(20);
    }

    @Test
    void countsAStallAgainstEveryMessageThatItHeldUp() {
        Schedule schedule = new Schedule(0, 1_000_000, 100);
        Latencies latencies = new Latencies(schedule);
        // Nothing arrives for 100 ms, then all at once.
        for (int i = 0; i < schedule.count(); i++) {
            latencies.record(schedule.dueNanos(i), 100_000_000);
        }
        assertThat(latencies.received()).isEqualTo(100);
        assertThat(latencies.ms(50)).isBetween(49.0, 52.0);
        assertThat(latencies.ms(100)).isBetween(99.9, 100.2);
    }

    @Test
    void passesOverMessagesOfAnotherSchedule() {
        Latencies latencies = new Latencies(new Schedule(1000, 10, 10));
        latencies.record(999, 2000);
        latencies.record(1100, 2000);
        assertThat(latencies.received()).isZero();
        assertThat(latencies.ms(50)).isNaN();
    }

    @Test
    void seesAQueueThatGrows() {
        Schedule schedule = new Schedule(0, 1_000_000, 1000);
        Latencies growing = new Latencies(schedule);
        Latencies steady = new Latencies(schedule);
        for (int i = 0; i < schedule.count(); i++) {
            long due = schedule.dueNanos(i);
            growing.record(due, due + due / 10);
            steady.record(due, due + 3_000_000);
        }
        assertThat(growing.isGrowing()).isTrue();
        assertThat(steady.isGrowing()).isFalse();
    }
}
