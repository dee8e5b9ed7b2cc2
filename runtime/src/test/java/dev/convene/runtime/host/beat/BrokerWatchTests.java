package dev.convene.runtime.host.beat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.runtime.host.beat.BrokerWatch.News;
import org.junit.jupiter.api.Test;

class BrokerWatchTests {
    private final BrokerWatch watch = new BrokerWatch();

    @Test
    void saysOnceThatTheBrokerIsAwayAndOnceThatItIsBack() {
        assertThat(watch.look(600, 10_600)).isEqualTo(News.NONE);
        assertThat(watch.look(1300, 11_300)).isEqualTo(News.NONE);
        assertThat(watch.look(1800, 11_800)).isEqualTo(News.AWAY);
        assertThat(watch.awayMs()).isEqualTo(10_000);
        assertThat(watch.look(2300, 12_300)).isEqualTo(News.NONE);
        assertThat(watch.look(30_000, 40_000)).isEqualTo(News.NONE);

        assertThat(watch.look(5, 45_000)).isEqualTo(News.BACK);
        assertThat(watch.awayMs()).isEqualTo(10_000);
        assertThat(watch.look(500, 45_500)).isEqualTo(News.NONE);
    }

    @Test
    void aPauseOfTheProcessIsNoAbsenceOfTheBroker() {
        assertThat(watch.look(60_000, 60_000)).isEqualTo(News.NONE);
        assertThat(watch.look(60_100, 60_100)).isEqualTo(News.NONE);
        assertThat(watch.look(5, 60_105)).isEqualTo(News.NONE);
        assertThat(watch.look(1300, 70_000)).isEqualTo(News.NONE);
    }
}
