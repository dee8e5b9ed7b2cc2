package dev.convene.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.runtime.host.Takeover.Situation;
import org.junit.jupiter.api.Test;

class TakeoverTests {
    private static final Situation QUIET = new Situation(3, false, false, false, 400, 0, 60_000, 0);

    @Test
    void leavesAnOwnerAloneThatBeats() {
        assertThat(Takeover.judge(QUIET).claim()).isFalse();
    }

    @Test
    void claimsAfterASecondOfSilenceInTheOrderOfTheStandbys() {
        assertThat(Takeover.judge(silent(999, 0)).claim()).isFalse();
        assertThat(Takeover.judge(silent(1000, 0)).claim()).isTrue();
        assertThat(Takeover.judge(silent(1000, 1)).claim()).isFalse();
        assertThat(Takeover.judge(silent(1200, 1)).claim()).isTrue();
        assertThat(Takeover.judge(silent(1200, 2)).claim()).isFalse();
    }

    @Test
    void claimsAtOnceWhatAnEarlierRunOfItsOwnOwned() {
        assertThat(Takeover.judge(new Situation(3, true, false, false, 0, 0, 0, 0))
                        .claim())
                .isTrue();
    }

    @Test
    void claimsAtOnceWhenThereWasNoOwnerOrItWasGoneAtTheStart() {
        assertThat(Takeover.judge(new Situation(0, false, false, false, 0, 0, 0, 0))
                        .claim())
                .isTrue();
        assertThat(Takeover.judge(new Situation(0, false, false, false, 0, 0, 0, 1))
                        .claim())
                .isFalse();
        assertThat(Takeover.judge(new Situation(5, false, true, false, 0, 0, 0, 0))
                        .claim())
                .isTrue();
    }

    @Test
    void claimsWhatTheOwnerGivesAwayOrDoesNotHoldAnyLonger() {
        assertThat(Takeover.judge(new Situation(5, false, false, true, 0, 0, 60_000, 0))
                        .claim())
                .isTrue();
        assertThat(Takeover.judge(new Situation(5, false, false, false, 0, 999, 60_000, 0))
                        .claim())
                .isFalse();
        assertThat(Takeover.judge(new Situation(5, false, false, false, 0, 1000, 60_000, 0))
                        .claim())
                .isTrue();
    }

    private static Situation silent(long silentMs, int rank) {
        return new Situation(3, false, false, false, silentMs, 0, 60_000, rank);
    }
}
