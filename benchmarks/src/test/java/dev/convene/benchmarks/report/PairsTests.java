package dev.convene.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.benchmarks.report.Figure.Goal;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairsTests {

    @Test
    void comparesPairByPair() {
        Pairs pairs = new Pairs();
        // A slow phase falls on both: the differences stay.
        pairs.add(1, 2);
        pairs.add(11, 12.5);
        pairs.add(2, 2.5);
        assertThat(pairs.differences()).isEqualTo(new Spread(1, 0.5, 1.5, List.of(1.0, 1.5, 0.5)));
        assertThat(pairs.baseline().median()).isEqualTo(2);
        assertThat(pairs.platform().median()).isEqualTo(2.5);
    }

    @Test
    void takesTheMeanOfTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0)).median()).isEqualTo(2.5);
        assertThat(Spread.of(List.of()).median()).isNaN();
    }

    @Test
    void holdsTheMedianAgainstTheGoal() {
        Spread spread = Spread.of(List.of(1.0, 2.0, 9.0));
        assertThat(new Figure("w", "f", "ms", spread, Goal.atMost(2)).reached()).isTrue();
        assertThat(new Figure("w", "f", "ms", spread, Goal.atLeast(2.1)).reached())
                .isFalse();
        assertThat(new Figure("w", "f", "ms", Spread.of(List.of()), Goal.atMost(2)).reached())
                .isFalse();
    }
}
