package dev.convene.systemtests.raw;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
        return read(bootstrapServers, group, All::new).records;
    }

    /** The bodies of the messages to this group that count by the exact rule, in order. Holds nothing else of the log. */
    public static List<String> bodies(String bootstrapServers, String group) {
        return read(bootstrapServers, group, () -> new Bodies(group)).found;
    }

    /** Gives the records of one partition after the other to a reader of its own; that of the group's partition is the result. */
    private static <R extends Consumer<ConsumerRecord<byte[], byte[]>>> R read(
            String bootstrapServers, String group, Supplier<R> newReader) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (var info : consumer.partitionsFor(TOPIC)) {
                TopicPartition partition = new TopicPartition(TOPIC, info.partition());
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                R reader = newReader.get();
                boolean isThere = false;
                while (consumer.position(partition) < end) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                        isThere |= isTo(record, group);
                        reader.accept(record);
                    }
                }
                if (isThere) {
                    return reader;
                }
            }
        }
        throw new AssertionError("no message to " + group + " stands in " + TOPIC);
    }

    static boolean isTo(ConsumerRecord<byte[], byte[]> record, String group) {
        return RawMessage.isMessage(record) && RawMessage.of(record).to().contains(group);
    }

    private static final class All implements Consumer<ConsumerRecord<byte[], byte[]>> {
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record) {
            records.add(record);
        }
    }

    private static final class Bodies implements Consumer<ConsumerRecord<byte[], byte[]>> {
        private final String group;
        private final List<String> found = new ArrayList<>();
        private ExactRule rule;

        private Bodies(String group) {
            this.group = group;
        }

        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record) {
            if (rule == null) {
                rule = new ExactRule(record.offset() == 0);
            }
            if (rule.counts(record) && isTo(record, group)) {
                found.add(RawMessage.of(record).value());
            }
        }
    }
}
