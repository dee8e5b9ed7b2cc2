package dev.convene.gateway.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTests {
    private static final long PER_SECOND = 1_000_000;

    private final AtomicLong nanos = new AtomicLong(5);
    private final Pace pace = new Pace(PER_SECOND, nanos::get);

    private long gives(int bytes) {
        long given = 0;
        while (pace.allows()) {
            pace.gave(bytes);
            given += bytes;
        }
        return given;
    }

    @Test
    void whatWasSavedGoesAtOnceAndNoMore() {
        assertThat(gives(100)).isEqualTo(PER_SECOND / 100);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
        assertThat(gives(100)).isEqualTo(PER_SECOND / 100);
    }

    @Test
    void overTimeItIsTheRateHoweverLargeThePieces() {
        gives(1);
        long given = 0;
        for (int ms = 0; ms < 1000; ms++) {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            given += gives(7_000);
        }
        assertThat(given).isBetween(PER_SECOND, PER_SECOND + 7_000);
    }

    @Test
    void itTellsWhatComesTogetherInATimeHoweverFast() {
        assertThat(pace.bytesIn(200)).isEqualTo(PER_SECOND / 5);
        assertThat(new Pace(Long.MAX_VALUE, nanos::get).bytesIn(2000)).isEqualTo(Long.MAX_VALUE);
    }
}
