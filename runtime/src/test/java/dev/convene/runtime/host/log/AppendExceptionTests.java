package dev.convene.runtime.host.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.host.log.AppendException.Outcome;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class AppendExceptionTests {

    @Test
    void knowsThatWhatNeverReachedTheNetworkDidNotHappen() {
        AppendException failure = AppendException.beforeSending(new TimeoutException("no metadata"));

        assertThat(failure.outcome()).isEqualTo(Outcome.DID_NOT_HAPPEN);
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void takesWhatWasSentForUnknownUnlessNoBrokerWouldEverTakeIt() {
        assertThat(AppendException.afterSending(new TimeoutException("2 s")).outcome())
                .isEqualTo(Outcome.UNKNOWN);
        // It sounds final, but an attempt before may have been written.
        assertThat(AppendException.afterSending(new NotEnoughReplicasException("1 of 2"))
                        .outcome())
                .isEqualTo(Outcome.UNKNOWN);
        assertThat(AppendException.afterSending(new NotEnoughReplicasAfterAppendException("1 of 2"))
                        .outcome())
                .isEqualTo(Outcome.UNKNOWN);
        assertThat(AppendException.afterSending(new TopicAuthorizationException("t"))
                        .outcome())
                .isEqualTo(Outcome.UNKNOWN);
        AppendException tooLarge = AppendException.afterSending(new RecordTooLargeException("5 MiB"));
        assertThat(tooLarge.outcome()).isEqualTo(Outcome.DID_NOT_HAPPEN);
        assertThat(tooLarge.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }
}
