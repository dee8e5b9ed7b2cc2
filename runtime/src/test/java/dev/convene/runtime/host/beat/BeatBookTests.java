package dev.convene.runtime.host.beat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BeatBookTests {
    private static final Life SELF = new Life("self", 1);
    private static final Life OTHER = new Life("other", 2);
    private static final long GATEWAY = 77;

    private final BeatBook book = new BeatBook(SELF, 500);
    private long number;

    @Test
    void knowsNothingBeforeItsOwnBeatComesThrough() {
        read(OTHER, 10_000, 0);

        assertThat(book.ownComesThrough(5000)).isFalse();
        assertThat(book.silentMs(OTHER.toString(), 5000)).isZero();
        assertThat(book.heardWithin(10_000, 5000)).isEmpty();
    }

    @Test
    void countsSilenceFromTheLastBeat() {
        own(0);
        read(OTHER, 0, 100);
        own(500);

        assertThat(book.silentMs(OTHER.toString(), 900)).isEqualTo(800);
        assertThat(book.silentMs(GATEWAY, 900)).isEqualTo(800);
    }

    @Test
    void agesOldBeatsByTheBrokersClock() {
        read(OTHER, 50_000, 0);
        number++;
        book.sent(number, 5);
        book.read(beat(SELF, number), 53_000, 10);

        assertThat(book.wasSilentAtStart(OTHER.toString(), 1000)).isTrue();
        assertThat(book.wasSilentAtStart(OTHER.toString(), 4000)).isFalse();
        assertThat(book.heardWithin(2000, 10)).extracting(Beat::life).containsExactly(SELF);
        assertThat(book.heardWithin(3500, 10)).hasSize(2);

        read(OTHER, 53_100, 110);
        assertThat(book.wasSilentAtStart(OTHER.toString(), 1000)).isFalse();
    }

    @Test
    void doesNotTakeAnOutageForTheSilenceOfOthers() {
        own(0);
        read(OTHER, 0, 100);
        own(500);
        // Nothing comes through for half a minute; then one's own beat does before the other's.
        assertThat(book.silentMs(OTHER.toString(), 30_000)).isZero();
        own(30_500);

        assertThat(book.silentMs(OTHER.toString(), 30_600)).isEqualTo(100);
        assertThat(book.watchedMs(30_600)).isEqualTo(100);
    }

    @Test
    void doesNotJudgeByABeatThatWasSentBeforeAPause() {
        own(0);
        read(OTHER, 0, 0);
        number++;
        book.sent(number, 500);
        // The process stood still between sending its beat and reading it.
        book.read(beat(SELF, number), 0, 20_000);

        assertThat(book.ownComesThrough(20_000)).isFalse();
        assertThat(book.silentMs(OTHER.toString(), 20_000)).isZero();
    }

    @Test
    void takesTheNewestLifeOfAnInstance() {
        own(0);
        Life again = new Life("other", 3);
        read(OTHER, 0, 10);
        read(again, 0, 20);

        assertThat(book.heardWithin(1000, 30)).extracting(Beat::life).containsExactlyInAnyOrder(SELF, again);
    }

    @Test
    void tellsForHowLongNobodyWasHeardWhoCanHoldShards() {
        own(0);
        assertThat(book.holdersSilentMs("shards", 700)).isEqualTo(700);
        book.read(holder(1, false), 0, 700);
        own(3000);
        assertThat(book.holdersSilentMs("shards", 3100)).isEqualTo(100);
        own(3500);
        book.read(holder(2, false), 0, 3600);
        own(4000);
        assertThat(book.holdersSilentMs("shards", 4100)).isEqualTo(500);
        assertThat(book.holdersSilentMs("others", 4100)).isEqualTo(1100);

        book.read(holder(3, true), 0, 4200);
        assertThat(book.holdersSilentMs("shards", 4200)).isEqualTo(1200);
        // The broker is away: nobody is heard.
        assertThat(book.holdersSilentMs("shards", 30_000)).isZero();
    }

    private static Beat holder(long number, boolean leaving) {
        return new Beat(OTHER, "test", number, Beat.NO_GATEWAY, leaving, List.of("shards"), List.of());
    }

    @Test
    void seesAnotherRunOfItsNameOnceThatGoesOnBesideIt() {
        Life twin = new Life("self", 9);
        for (long ms = 0; ms <= 2000; ms += 500) {
            own(ms);
            read(twin, ms, ms);
            read(OTHER, ms, ms);
        }
        // It may have ended just before.
        assertThat(book.twin(2000)).isNull();

        own(2500);
        read(twin, 2500, 2500);
        assertThat(book.twin(2500)).isEqualTo(twin);
        assertThat(book.twin(4500)).isEqualTo(twin);
        assertThat(book.twin(4501)).isNull();

        book.read(new Beat(twin, "test", 1, Beat.NO_GATEWAY, true, List.of("log"), List.of()), 2600, 2600);
        assertThat(book.twin(2600)).isNull();
    }

    @Test
    void keepsItsFormOnTheWay() {
        Beat beat = new Beat(
                OTHER,
                "group-service",
                9,
                Beat.NO_GATEWAY,
                true,
                List.of("groups", "sessions"),
                List.of(new Beat.Held("groups", 3, "abc0", 100, 90, 4, Beat.Standing.OWNER)));

        assertThat(Beat.read(beat.toBytes())).isEqualTo(beat);
    }

    private void own(long atMs) {
        number++;
        book.sent(number, atMs);
        book.read(beat(SELF, number), atMs, atMs);
    }

    private void read(Life life, long brokerMs, long nowMs) {
        book.read(beat(life, 1), brokerMs, nowMs);
    }

    private static Beat beat(Life life, long number) {
        return new Beat(
                life, "test", number, life.equals(OTHER) ? GATEWAY : Beat.NO_GATEWAY, false, List.of("log"), List.of());
    }
}
