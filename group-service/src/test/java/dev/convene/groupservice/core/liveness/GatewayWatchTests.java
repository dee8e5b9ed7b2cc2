package dev.convene.groupservice.core.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayWatchTests {
    private final GatewayWatch watch = new GatewayWatch(2000);

    @Test
    void aLifeIsLostWhenItHasBeenSilentForTooLong() {
        assertThat(watch.lost(List.of(7L), 10_000, life -> 0)).isEmpty();
        assertThat(watch.lost(List.of(7L), 15_000, life -> 1999)).isEmpty();
        assertThat(watch.lost(List.of(7L), 15_001, life -> 2000)).containsExactly(7L);
    }

    @Test
    void aNewLifeThatHasNotBeatenYetGetsItsTime() {
        assertThat(watch.lost(List.of(7L), 10_000, life -> 3_600_000)).isEmpty();
        assertThat(watch.lost(List.of(7L), 11_999, life -> 3_600_000)).isEmpty();
        assertThat(watch.lost(List.of(7L), 12_000, life -> 3_600_000)).containsExactly(7L);
    }

    @Test
    void nobodyIsLostWhileSilenceCannotBeKnown() {
        watch.lost(List.of(7L), 10_000, life -> 0);

        assertThat(watch.lost(List.of(7L), 60_000, life -> 0)).isEmpty();
    }

    @Test
    void aNewOwnerGivesEverybodyTime() {
        watch.lost(List.of(7L), 10_000, life -> 0);
        watch.reset();

        assertThat(watch.lost(List.of(7L), 60_000, life -> 5000)).isEmpty();
    }

    @Test
    void aLifeThatDoesNotCountAnyLongerIsForgotten() {
        watch.lost(List.of(7L), 10_000, life -> 0);
        watch.lost(List.of(), 10_500, life -> 0);

        assertThat(watch.lost(List.of(7L), 13_000, life -> 5000)).isEmpty();
    }
}
