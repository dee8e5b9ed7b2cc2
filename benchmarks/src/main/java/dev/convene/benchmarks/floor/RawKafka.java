package dev.convene.benchmarks.floor;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic beside the platform's, on the same broker and with the settings of the group log, and clients with the settings
 * that decide about latency: acks=all, linger 0, fetch.min.bytes 1. One partition of it is used, as by one order domain.
 */
public final class RawKafka {
    private static final String TOPIC = "floor";
    private static final long UP_TO_THE_END = -1;

    private final String bootstrapServers;
    private final TopicPartition partition = new TopicPartition(TOPIC, 0);

    private RawKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Makes the topic if it is not there.
     *
     * @param partitions how many partitions
     * @param settings settings of the topic by their Kafka names
     */
    public static RawKafka on(String bootstrapServers, int partitions, Map<String, String> settings)
            throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("the topic of the floor cannot be made", e.getCause());
            }
        }
        return new RawKafka(bootstrapServers);
    }

    /** Deletes everything that was written: at full speed that is gigabytes a minute. */
    public void deleteRecords() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(UP_TO_THE_END)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the records of the floor cannot be deleted", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    TopicPartition partition() {
        return partition;
    }

    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "acks",
                        "all",
                        "linger.ms",
                        0,
                        "batch.size",
                        32 << 10,
                        "enable.metrics.push",
                        false),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A consumer of the one partition, from its end. */
    KafkaConsumer<byte[], byte[]> consumer() {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "none",
                        "fetch.min.bytes",
                        1,
                        "enable.metrics.push",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        // Seeking is lazy: asking for the position does it.
        consumer.position(partition);
        return consumer;
    }
}
