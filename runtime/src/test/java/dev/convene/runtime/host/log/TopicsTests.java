package dev.convene.runtime.host.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsTests {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @ParameterizedTest
    @CsvSource({"3, 1, must be 2", "3, 3, must be 2", "5, 1, from 2 to 4", "1, 2, must be 1", "1, 0, must be 1"})
    void aLossOfOneBrokerThatWouldLoseOrStopEverythingIsNoSetting(int copies, int insync, String allowed) {
        assertThatThrownBy(() -> new Topics.Settings(copies, insync, TIMEOUT))
                .hasMessageContaining("convene.kafka.min-insync-replicas is " + insync)
                .hasMessageContaining("convene.kafka.replication-factor=" + copies)
                .hasMessageContaining(allowed);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, false", "2, 1, false", "2, 2, false", "3, 2, true", "5, 4, true"})
    void oneBrokerIsForDevelopmentAndThreeAreACluster(int copies, int insync, boolean replicated) {
        assertThat(new Topics.Settings(copies, insync, TIMEOUT).isReplicated()).isEqualTo(replicated);
    }
}
