package dev.convene.systemtests.raw;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the group topic as any Kafka consumer would. */
public final class PlainConsumer {
    private static final String TOPIC = "convene.groups";
    private static final Duration POLL = Duration.ofMillis(200);

    private PlainConsumer() {}

    /** Everything that stands in the partition of this group now, from the beginning. */
    static List<ConsumerRecord<byte[], byte[]>> partitionOf(String bootstrapServers, String group) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (var partition : consumer.partitionsFor(TOPIC)) {
                List<ConsumerRecord<byte[], byte[]>> records =
                        all(consumer, new TopicPartition(TOPIC, partition.partition()));
                if (records.stream().anyMatch(record -> isTo(record, group))) {
                    return records;
                }
            }
        }
        throw new AssertionError("no message to " + group + " stands in " + TOPIC);
    }

    private static List<ConsumerRecord<byte[], byte[]>> all(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        each(consumer, partition, records::add);
        return records;
    }

    private static void each(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            Consumer<ConsumerRecord<byte[], byte[]>> action) {
        List<TopicPartition> one = List.of(partition);
        consumer.assign(one);
        consumer.seekToBeginning(one);
        long end = consumer.endOffsets(one).get(partition);
        while (consumer.position(partition) < end) {
            consumer.poll(POLL).forEach(action);
        }
    }

    static boolean isTo(ConsumerRecord<byte[], byte[]> record, String group) {
        return RawMessage.isMessage(record) && RawMessage.of(record).to().contains(group);
    }

    /** The bodies of the messages to this group that count by the exact rule, in order. Holds nothing else of the log. */
    public static List<String> bodies(String bootstrapServers, String group) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (var partition : consumer.partitionsFor(TOPIC)) {
                Bodies bodies = new Bodies(group);
                each(consumer, new TopicPartition(TOPIC, partition.partition()), bodies);
                if (bodies.isThere) {
                    return bodies.found;
                }
            }
        }
        throw new AssertionError("no message to " + group + " stands in " + TOPIC);
    }

    private static final class Bodies implements Consumer<ConsumerRecord<byte[], byte[]>> {
        private final String group;
        private final List<String> found = new ArrayList<>();
        private ExactRule rule;
        private boolean isThere;

        private Bodies(String group) {
            this.group = group;
        }

        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record) {
            if (rule == null) {
                rule = new ExactRule(record.offset() == 0);
            }
            boolean counts = rule.counts(record);
            if (isTo(record, group)) {
                isThere = true;
                if (counts) {
                    found.add(RawMessage.of(record).value());
                }
            }
        }
    }
}
