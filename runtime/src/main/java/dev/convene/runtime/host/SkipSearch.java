package dev.convene.runtime.host;

import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogConsumer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Looks for an operator's record after a halt, in what stands in the log. Blocks. */
final class SkipSearch {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Instance instance;
    private final TopicPartition partition;

    SkipSearch(Instance instance, TopicPartition partition) {
        this.instance = instance;
        this.partition = partition;
    }

    /**
     * Whether the log says that this record is passed over.
     *
     * @param givenUp asked between fetches
     */
    boolean isSkipped(long offset, BooleanSupplier givenUp) {
        long end = LogAdmin.await(instance.admin().end(partition), LogAdmin.TIMEOUT);
        try (LogConsumer reading = new LogConsumer("skips", instance.settings().kafka(), partition, offset + 1)) {
            while (reading.position() < end && !givenUp.getAsBoolean()) {
                for (ConsumerRecord<byte[], byte[]> record : reading.poll(POLL)) {
                    if (skips(record, offset)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Whether the record is an operator's decision to pass over this offset. */
    static boolean skips(ConsumerRecord<byte[], byte[]> record, long offset) {
        byte[] value = record.value();
        if (value == null || record.headers().lastHeader(LogEntry.HEADER) != null) {
            return false;
        }
        try {
            return LogEntry.read(null, value) instanceof LogEntry.Skip skip && skip.offset() == offset;
        } catch (MalformedRecordException | IllegalArgumentException _) {
            return false;
        }
    }
}
