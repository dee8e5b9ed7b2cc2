package dev.convene.systemtests.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.convene.gateway.GatewayApplication;
import dev.convene.groupservice.GroupServiceApplication;
import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import dev.convene.systemtests.Services;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Positions;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.SseSession;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The owner of a shard deletes what is older than the history that is kept; whoever needs it is told, and gets no part of it. */
@Timeout(180)
class DeletedHistoryTests {
    private static final String TOPIC = "convene.groups";
    private static final int AT_ONCE = 50;
    private static final int ROUNDS_MAX = 200;

    private EmbeddedBroker broker;
    private ConfigurableApplicationContext groupService;
    private ConfigurableApplicationContext gateway;
    private final TestSessions sessions = new TestSessions();

    @BeforeEach
    void start(@TempDir Path directory) {
        broker = EmbeddedBroker.start(BrokerOptions.in(directory));
        groupService = Services.start(
                GroupServiceApplication.class,
                "group-service",
                broker.bootstrapServers(),
                "--convene.instance=gs",
                "--convene.group-service.port=0",
                "--convene.group-service.history.time=0s",
                "--convene.group-service.snapshots.records-max=100");
        gateway = Services.start(
                GatewayApplication.class,
                "gateway",
                broker.bootstrapServers(),
                "--convene.instance=gw",
                "--convene.gateway.idle-timeout=1s",
                "--convene.gateway.ring-bytes-max=1KB");
        Services.awaitReady(gateway);
    }

    @AfterEach
    void stop() {
        sessions.close();
        gateway.close();
        groupService.close();
        broker.close();
    }

    @Contract("G60")
    @Test
    void whoeverWasAwayTooLongIsToldAndGetsNoPartOfWhatIsLeft() {
        URI address = Services.address(gateway);
        Map<Surface, TestSession> away = new EnumMap<>(Surface.class);
        for (Surface surface : Surface.values()) {
            TestSession session = sessions.connect(surface, address, (String) null);
            session.join("room");
            away.put(surface, session);
        }
        TestSession stays = sessions.connect(Surface.WS_JSON, address, (String) null);
        stays.join("room");
        Map<Surface, List<At>> left = new EnumMap<>(Surface.class);
        away.forEach((surface, session) -> {
            left.put(surface, Positions.newest(session.connected().at(), session.drain()));
            session.abort();
        });
        // One that polls is away when it has not polled for a while; until then its messages wait for it.
        await().atMost(TestSession.PATIENCE).until(() -> sessionsServed() == 1);
        TestSession sender = sessions.connect(Surface.WS_CBOR, address, (String) null);
        sendUntilDeleted(sender, left);

        for (Surface surface : List.of(Surface.WS_JSON, Surface.WS_CBOR)) {
            TestSessions.Resumption resumption =
                    sessions.resume(surface, address, away.get(surface).connected(), left.get(surface));
            assertThat(resumption.answer().recovered()).isFalse();
            goesOnWithoutWhatWasMissed(resumption.session(), sender);
        }
        SseSession before = (SseSession) away.get(Surface.SSE);
        SseSession stream = sessions.resumeStream(
                address, before.connected(), left.get(Surface.SSE).getFirst().toString());
        assertThat(stream.resumed().orTimeout(20, TimeUnit.SECONDS).join().recovered())
                .isFalse();
        goesOnWithoutWhatWasMissed(stream, sender);

        TestSession polled = away.get(Surface.HTTP);
        assertThatThrownBy(() -> sessions.resumePolling(address, polled.connected(), left.get(Surface.HTTP)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_RECOVERED));
    }

    private int sessionsServed() {
        return (int) gateway.getBean(MeterRegistry.class).find("convene.sessions").gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }

    private static void goesOnWithoutWhatWasMissed(TestSession resumed, TestSession sender) {
        sender.multicast(ServiceLevel.AGREED, "live", "room");
        List<Push> pushes = resumed.drain();
        assertThat(texts(pushes)).isEqualTo(List.of("live"));
        resumed.close();
    }

    private static List<String> texts(List<Push> pushes) {
        return pushes.stream()
                .filter(Push.Message.class::isInstance)
                .map(push -> new String(((Push.Message) push).body().bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    /** So much that snapshots are taken, until none of these positions is in the log any longer. */
    private void sendUntilDeleted(TestSession sender, Map<Surface, List<At>> left) {
        long newest = left.values().stream()
                .mapToLong(at -> at.getFirst().position().offset())
                .max()
                .orElseThrow();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            List<CompletableFuture<?>> sent = new ArrayList<>();
            IntStream.range(0, AT_ONCE)
                    .forEach(i -> sent.add(sender.send(new GroupOperation.Multicast(
                            List.of("room"),
                            ServiceLevel.AGREED,
                            0,
                            Body.ofText("missed"),
                            false,
                            null,
                            0,
                            null,
                            null))));
            sent.forEach(TestSessions::await);
            if (beginsAfter(newest)) {
                return;
            }
        }
        throw new AssertionError("nothing is deleted after " + ROUNDS_MAX * AT_ONCE + " messages");
    }

    /** Whether the one partition that is in use begins above this offset. */
    private boolean beginsAfter(long offset) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(info -> new TopicPartition(TOPIC, info.partition()))
                    .toList();
            return consumer.beginningOffsets(partitions).values().stream().anyMatch(begin -> begin > offset + 1);
        }
    }
}
