package dev.convene.systemtests.host;

import static dev.convene.systemtests.host.HostedLog.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.host.log.AppendException;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogWriter;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.log.TopicsException;
import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerOutageTests {

    @TempDir
    private Path directory;

    @Test
    void goesOnUnderTheSameOwnerWhenTheBrokerReturns() throws Exception {
        // It must have stopped before it is started again, however busy the machine is.
        BrokerOptions options = new BrokerOptions(
                directory,
                BrokerOptions.PORT_EPHEMERAL,
                BrokerOptions.SEGMENT_SIZE_DEFAULT_BYTES,
                BrokerOptions.START_TIMEOUT_DEFAULT,
                PATIENCE,
                Map.of());
        EmbeddedBroker broker = EmbeddedBroker.start(options);
        BrokerOptions again = options.withPort(broker.port());
        try (CounterLog log = new CounterLog(broker.bootstrapServers(), "outage")) {
            HostedLog.Member<CounterShard.Command> owner = log.member("one");
            owner.awaitOwner();
            HostedLog.Member<CounterShard.Command> standby = log.member("two");
            standby.awaitStandby();
            TestGateway gateway = log.gateway("gateway");
            assertThat(gateway.add(0, "a", 1)).isEqualTo(1);
            assertTooLarge(gateway, log.topic());

            broker.close();
            assertFailsWithin(gateway, log.topic(), Duration.ofSeconds(3));
            broker = EmbeddedBroker.start(again);

            assertThat(gateway.add(0, "a", 1)).isEqualTo(2);
            assertThat(CounterLog.total(owner, 0, "a")).isEqualTo(2);
            assertThat(CounterLog.total(standby, 0, "a")).isEqualTo(2);
            assertThat(owner.host().status().getFirst().term()).isEqualTo(1);
            assertThat(gateway.faults()).isEmpty();
        } finally {
            broker.close();
        }
    }

    @Test
    void refusesTopicsThatAreNotAsDefined() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(directory));
                LogAdmin admin =
                        new LogAdmin(dev.convene.runtime.host.log.KafkaAccess.of(broker.bootstrapServers(), "test"))) {
            TopicDefinition topic = new TopicDefinition("convene.t", 2, Map.of("retention.ms", "-1"));
            Topics.ensure(admin, List.of(topic), Topics.Settings.SINGLE);
            Topics.ensure(admin, List.of(topic), Topics.Settings.SINGLE);

            TopicDefinition other = new TopicDefinition("convene.t", 3, Map.of("retention.ms", "1000"));
            TopicDefinition missing = new TopicDefinition("convene.s", 1, Map.of());
            TopicsException refused = catchThrowableOfType(
                    TopicsException.class, () -> Topics.ensure(admin, List.of(missing, other), Topics.Settings.SINGLE));
            assertThat(refused)
                    .hasMessageContaining("convene.t has 2 partitions, not 3")
                    .hasMessageContaining("set convene.t=2 in infra/topics.properties")
                    .hasMessageContaining("convene.t has retention.ms=-1, not 1000");
            assertThat(refused.advice()).startsWith("Change what the list names");
            assertThatThrownBy(() -> LogAdmin.await(admin.describe("convene.s"), LogAdmin.TIMEOUT))
                    .isInstanceOf(UnknownTopicOrPartitionException.class);
            assertThat(catchThrowableOfType(
                            TopicsException.class, () -> Topics.ensure(admin, List.of(topic), Topics.Settings.CLUSTER)))
                    .hasMessageContaining("convene.t has 1 replicas, 3 are needed")
                    .hasMessageContaining("min.insync.replicas=1, at least 2 is needed");
        }
    }

    /** Unknown if it was sent, did not happen if the client had noticed already that nobody is there. */
    private static void assertFailsWithin(TestGateway gateway, String topic, Duration within) {
        long startNanos = System.nanoTime();
        AppendException failure = failure(() -> append(gateway.instance().writer(), topic, 10));
        boolean unknown = failure.outcome() == AppendException.Outcome.UNKNOWN;
        assertThat(failure.code()).isEqualTo(unknown ? ErrorCode.OUTCOME_UNKNOWN : ErrorCode.UNAVAILABLE);
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(within);
    }

    private static void assertTooLarge(TestGateway gateway, String topic) {
        AppendException failure = failure(() -> append(gateway.instance().writer(), topic, 8 << 20));
        assertThat(failure.outcome()).isEqualTo(AppendException.Outcome.DID_NOT_HAPPEN);
        assertThat(failure.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    private static void append(LogWriter writer, String topic, int size) {
        CompletableFuture<Long> appended = writer.append(topic, 1, new byte[size]);
        appended.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static AppendException failure(ThrowingCallable callable) {
        CompletionException failure = catchThrowableOfType(CompletionException.class, callable);
        assertThat(failure).hasCauseInstanceOf(AppendException.class);
        return (AppendException) failure.getCause();
    }
}
