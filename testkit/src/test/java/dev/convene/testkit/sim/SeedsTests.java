package dev.convene.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedsTests {
    private final List<Long> ran = new ArrayList<>();

    @Test
    void runsAllWhenThereIsTime() {
        assertThat(Seeds.run("Some", 7, 4, 2, Duration.ofMinutes(1), ran::add)).isEqualTo(4);
        assertThat(ran).containsExactly(7L, 8L, 9L, 10L);
    }

    @Test
    void failsWhenTheTimeIsUpBeforeTheLeastNumberWasRun() {
        assertThatThrownBy(() -> Seeds.run("Some", 1, 4, 2, Duration.ZERO, ran::add))
                .isInstanceOf(AssertionError.class)
                .hasMessage("Some ran 1 of 4 seeds in 0 s, and at least 2 have to be run");
        assertThat(ran).containsExactly(1L);
    }

    @Test
    void endsWhenTheTimeIsUpAfterTheLeastNumber() {
        assertThat(Seeds.run("Some", 1, 4, 1, Duration.ZERO, ran::add)).isEqualTo(1);
    }
}
