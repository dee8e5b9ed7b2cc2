package dev.convene.systemtests.raw;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.systemtests.RunningSystem;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What docs/guide/reading-the-log.md says: by its exact rule a plain Kafka consumer gets what a member of the group saw,
 * also where the log holds the same request twice and records that do not count.
 */
@Timeout(180)
class ReadingTheLogTests {
    private static final String GROUP = "raw-" + Long.toString(System.nanoTime(), 36) + "/room";

    private static final String LAST = "the last";

    private final RunningSystem system = RunningSystem.shared();

    @Test
    void aPlainConsumerGetsWhatMembersSaw() throws Exception {
        try (TestSessions sessions = new TestSessions();
                TestSession member = sessions.connect(Surface.WS_JSON, system.gatewayA(), (String) null);
                KafkaProducer<byte[], byte[]> writer = writer()) {
            member.join(GROUP);
            TestSession sender = sessions.connect(Surface.WS_CBOR, system.gatewayA(), (String) null);
            sendOfEveryKind(sender, "before the resume");
            publishTwiceUnderOneKey(sessions);
            List<ConsumerRecord<byte[], byte[]>> before = messages();
            ConsumerRecord<byte[], byte[]> last = lastNumbered(before);
            before.forEach(record -> copy(writer, record, origin -> origin));
            copy(writer, last, origin -> numbered(origin, origin.number() + 5));
            copy(
                    writer,
                    last,
                    origin -> new Origin(
                            1L << 50, origin.requester(), origin.epoch(), origin.number() + 1, origin.ref(), 0, ""));

            sender.abort();
            TestSession resumed = sessions.resume(
                            Surface.WS_JSON,
                            system.gatewayB(),
                            sender.connected(),
                            sender.connected().at())
                    .session();
            copy(writer, last, origin -> numbered(origin, origin.number() + 1));
            sendOfEveryKind(resumed, "after the resume");
            ConsumerRecord<byte[], byte[]> newest = lastNumbered(messages());
            resumed.close();
            copy(writer, newest, origin -> numbered(origin, origin.number() + 1));

            List<RawMessage> seen = seen(member);
            List<RawMessage> exact = counting(new ExactRule(isWhole())::counts);
            List<RawMessage> shortly = counting(new ShortRule()::counts);
            assertThat(exact).isEqualTo(seen).hasSizeGreaterThan(15);
            // What the guide says of the short rule: nothing twice that has a number of its own, and some too much.
            assertThat(shortly).hasSizeGreaterThan(exact.size()).containsAll(exact);
            assertThat(messages()).hasSizeGreaterThan(shortly.size());
        }
    }

    private static void sendOfEveryKind(TestSession sender, String text) {
        for (ServiceLevel service : ServiceLevel.values()) {
            sender.multicast(service, text + " " + service, GROUP);
        }
        sender.call(message(ServiceLevel.AGREED, -7, Body.ofBytes(new byte[] {0, 1, (byte) 255}), null));
        sender.call(message(ServiceLevel.SAFE, 9, Body.ofText(""), null));
        sender.multicast(ServiceLevel.AGREED, text + " to two", GROUP, sender.privateGroup());
    }

    private void publishTwiceUnderOneKey(TestSessions sessions) {
        GroupOperation.Multicast keyed = message(ServiceLevel.AGREED, 0, Body.ofText("keyed"), "key-of-" + GROUP);
        sessions.publish(system.gatewayA(), keyed);
        sessions.publish(system.gatewayB(), keyed);
        sessions.publish(system.gatewayB(), message(ServiceLevel.AGREED, 0, Body.ofText("without a session"), null));
    }

    private static GroupOperation.Multicast message(ServiceLevel service, int type, Body body, String key) {
        return new GroupOperation.Multicast(List.of(GROUP), service, type, body, false, key, 0, null, null);
    }

    private KafkaProducer<byte[], byte[]> writer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", system.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private List<ConsumerRecord<byte[], byte[]>> messages() {
        return PlainConsumer.partitionOf(system.bootstrapServers(), GROUP).stream()
                .filter(record -> PlainConsumer.isTo(record, GROUP))
                .toList();
    }

    /** The newest message of a session, which has more parts in its request's name than its number. */
    private static ConsumerRecord<byte[], byte[]> lastNumbered(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .filter(record -> origin(record).number() > 0 && !origin(record).isGateway())
                .reduce((one, next) -> next)
                .orElseThrow();
    }

    private static Origin origin(ConsumerRecord<byte[], byte[]> record) {
        return command(record).origin();
    }

    private static LogEntry.Command command(ConsumerRecord<byte[], byte[]> record) {
        byte[] header = record.headers().lastHeader(LogEntry.HEADER).value();
        return (LogEntry.Command) LogEntry.read(header, record.value());
    }

    private static Origin numbered(Origin origin, long number) {
        return new Origin(origin.incarnation(), origin.requester(), origin.epoch(), number, number, 0, "");
    }

    /** Appends what a gateway would have appended that sends again, was lost or was left by its session. */
    private static void copy(
            KafkaProducer<byte[], byte[]> writer, ConsumerRecord<byte[], byte[]> record, UnaryOperator<Origin> change) {
        LogEntry.Command command = command(record);
        if (command.origin().number() == 0) {
            // Nothing tells copies of an unreliable message apart, and nobody makes any.
            return;
        }
        Origin origin = change.apply(command.origin());
        Headers headers = new RecordHeaders();
        record.headers().forEach(headers::add);
        headers.remove(LogEntry.HEADER).remove("request");
        String request = origin.incarnation() + ":" + origin.requester() + ":" + origin.epoch() + ":" + origin.number();
        headers.add("request", request.getBytes(StandardCharsets.UTF_8));
        headers.add(LogEntry.HEADER, new LogEntry.Command(origin, command.body(), command.payload()).toBytes());
        try {
            writer.send(new ProducerRecord<byte[], byte[]>(
                            record.topic(), record.partition(), null, null, record.value(), headers))
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Rule {
        boolean counts(ConsumerRecord<byte[], byte[]> record);
    }

    private boolean isWhole() {
        return PlainConsumer.partitionOf(system.bootstrapServers(), GROUP)
                        .getFirst()
                        .offset()
                == 0;
    }

    /** Up to the message with which the member ended. */
    private List<RawMessage> counting(Rule rule) {
        List<RawMessage> counting = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : PlainConsumer.partitionOf(system.bootstrapServers(), GROUP)) {
            if (rule.counts(record) && PlainConsumer.isTo(record, GROUP)) {
                counting.add(RawMessage.of(record));
                if (counting.getLast().value().equals(LAST)) {
                    return counting;
                }
            }
        }
        throw new AssertionError("the last message is not there");
    }

    /** Everything that the member got of the group, up to a message that it sends there itself. */
    private static List<RawMessage> seen(TestSession member) {
        member.multicast(ServiceLevel.AGREED, LAST, GROUP);
        List<RawMessage> seen = new ArrayList<>();
        while (seen.isEmpty() || !seen.getLast().value().equals(LAST)) {
            if (member.next() instanceof Push.Message message
                    && message.groups().contains(GROUP)) {
                seen.add(new RawMessage(
                        message.from(),
                        message.groups(),
                        message.service().wireName(),
                        message.type(),
                        message.body().content().wireName(),
                        new String(message.body().bytes(), StandardCharsets.ISO_8859_1)));
            }
        }
        return seen;
    }
}
