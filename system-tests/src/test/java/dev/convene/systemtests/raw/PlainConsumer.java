package dev.convene.systemtests.raw;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        List<TopicPartition> one = List.of(partition);
        consumer.assign(one);
        consumer.seekToBeginning(one);
        long end = consumer.endOffsets(one).get(partition);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        while (consumer.position(partition) < end) {
            consumer.poll(POLL).forEach(records::add);
        }
        return records;
    }

    static boolean isTo(ConsumerRecord<byte[], byte[]> record, String group) {
        return RawMessage.isMessage(record) && RawMessage.of(record).to().contains(group);
    }

    /** The bodies of the messages to this group that count by the exact rule, in order. */
    public static List<String> bodies(String bootstrapServers, String group) {
        List<String> bodies = new ArrayList<>();
        List<ConsumerRecord<byte[], byte[]>> records = partitionOf(bootstrapServers, group);
        ExactRule rule = new ExactRule(records.getFirst().offset() == 0);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (rule.counts(record) && isTo(record, group)) {
                bodies.add(RawMessage.of(record).value());
            }
        }
        return bodies;
    }
}
