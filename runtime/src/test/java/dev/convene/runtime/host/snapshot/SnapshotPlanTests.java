package dev.convene.runtime.host.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotPlanTests {
    private static final long NOW = 10_000_000;
    private static final SnapshotPlan PLAN =
            new SnapshotPlan(1000, 1 << 20, Duration.ofMinutes(10), 2, Duration.ofHours(1), 100);

    @Test
    void isDueByRecordsBytesOrTimeAndNeverWithoutRecords() {
        assertThat(PLAN.isDue(1000, 0, 0)).isTrue();
        assertThat(PLAN.isDue(1, 1 << 20, 0)).isTrue();
        assertThat(PLAN.isDue(1, 0, 600_000)).isTrue();
        assertThat(PLAN.isDue(0, 0, 600_000)).isFalse();
        assertThat(PLAN.isDue(999, 0, 599_999)).isFalse();
        assertThat(PLAN.isOverdue(1000, 0, 0)).isFalse();
        assertThat(PLAN.isOverdue(1500, 0, 0)).isTrue();
    }

    @Test
    void keepsWhatTheHistoryNeeds() {
        // Two older than the hour: the newer of them is needed for what was just an hour ago, the oldest for nothing.
        List<Manifest> all =
                List.of(manifest(50, 10, 1), manifest(40, 50, 1), manifest(30, 70, 1), manifest(20, 100, 1));

        assertThat(PLAN.kept(all, NOW)).containsExactlyElementsOf(all.subList(0, 3));
    }

    @Test
    void keepsTheFewestThatAreSafeWhateverTheyTake() {
        List<Manifest> all = List.of(manifest(50, 1, 80), manifest(40, 2, 80), manifest(30, 3, 80));

        assertThat(PLAN.kept(all, NOW)).containsExactlyElementsOf(all.subList(0, 2));
    }

    @Test
    void keepsAllThereAreWhenTheyAreFew() {
        assertThat(PLAN.kept(List.of(), NOW)).isEmpty();
        assertThat(PLAN.kept(List.of(manifest(5, 100, 1)), NOW)).hasSize(1);
    }

    @Test
    void deletesNothingWhileTheBeginningOfTheLogIsAsYoungAsTheHistory() {
        assertThat(PLAN.reachesBelowAll(List.of(), NOW)).isTrue();
        assertThat(PLAN.reachesBelowAll(List.of(manifest(50, 10, 1), manifest(40, 50, 1)), NOW))
                .isTrue();
        assertThat(PLAN.reachesBelowAll(List.of(manifest(50, 10, 1), manifest(40, 70, 1)), NOW))
                .isFalse();
        assertThat(PLAN.reachesBelowAll(List.of(manifest(50, 1, 80), manifest(40, 2, 80)), NOW))
                .isFalse();
    }

    @Test
    void keepsTheFormOfAManifest() {
        Manifest manifest = manifest(5, 100, 1);

        assertThat(Manifest.read(manifest.toBytes())).isEqualTo(manifest);
    }

    private static Manifest manifest(long position, long minutesAgo, long logBytes) {
        return new Manifest(
                "groups", 0, "abc0", position, 1, "d", 10, NOW - minutesAgo * 60_000, logBytes, new long[] {1, 2});
    }
}
