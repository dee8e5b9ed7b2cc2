package dev.convene.gateway.adapter.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.host.ReplayPass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayOutcomeTests {
    @ParameterizedTest
    @CsvSource({
        "GONE, NOT_RECOVERED",
        "TOO_LONG, TIMED_OUT",
        "HALTED, SHARD_HALTED",
        "FAILED, INTERNAL",
        "CANCELLED, SHUTTING_DOWN",
        "UNAVAILABLE, UNAVAILABLE"
    })
    void everyWayToFailHasItsError(ReplayPass.Outcome outcome, ErrorCode expected) {
        assertThat(KafkaGroupLog.failureOf(outcome).code()).isEqualTo(expected);
    }
}
