package dev.convene.runtime.host.log;

import java.time.Duration;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One pass over one partition from an offset on, for as long as it takes. Used by one thread, but for
 * {@link #wakeup()}. Large fetches; no resets.
 */
public final class LogConsumer implements AutoCloseable {
    private static final LogReader.Settings SETTINGS =
            new LogReader.Settings(Duration.ofMillis(100), 1, 8 << 20, 32 << 20, 2000, 0);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;

    /** @param part tells the consumers of an instance apart in metrics and logs of the broker */
    public LogConsumer(String part, KafkaAccess access, TopicPartition partition, long offset) {
        this.partition = partition;
        consumer = new KafkaConsumer<>(
                LogReader.config(part, access, SETTINGS), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(java.util.List.of(partition));
        consumer.seek(partition, offset);
    }

    /**
     * The next records, none if there were none in time.
     *
     * @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException if the log does not have the offset any longer
     * @throws org.apache.kafka.common.errors.WakeupException after {@link #wakeup()}
     */
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        return consumer.poll(timeout);
    }

    /** The offset that is read next, where compaction has left gaps too. */
    public long position() {
        return consumer.position(partition);
    }

    /** Ends a poll of another thread. */
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofMillis(300)));
    }
}
