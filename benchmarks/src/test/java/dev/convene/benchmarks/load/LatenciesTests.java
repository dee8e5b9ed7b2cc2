package dev.convene.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatenciesTests {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    /** 250 messages, one each millisecond. */
    private final Schedule schedule = new Schedule(1000 * MS, MS, 250);

    private final Latencies latencies = new Latencies(schedule);

    private void record(int index, long latencyMs) {
        latencies.record(schedule.dueNanos(index), schedule.dueNanos(index) + latencyMs * MS);
    }

    @Test
    void theLongestIsToldForEachTenthOfASecond() {
        record(0, 2);
        record(99, 7);
        record(100, 3);
        record(249, 1);
        assertThat(latencies.worstMs()).containsExactly(7.0, 3.0, 1.0);
    }

    @Test
    void whatBelongsToAnotherScheduleIsPassedOver() {
        latencies.record(schedule.startNanos() - 1, schedule.startNanos());
        latencies.record(schedule.endNanos(), schedule.endNanos());
        assertThat(latencies.received()).isZero();
    }
}
