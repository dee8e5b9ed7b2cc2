package dev.convene.runtime.host.log;

import dev.convene.protocol.log.LogEntry;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was read. Its arrays are its own and must not be changed.
 *
 * @param timestampMs milliseconds since 1970; the broker's clock in shared topics
 * @param header the value of the header {@link LogEntry#HEADER}, or null
 * @param value the record's value, or null
 */
public record LogRecord(
        String topic,
        int partition,
        long offset,
        long timestampMs,
        byte @Nullable [] header,
        byte @Nullable [] value,
        ConsumerRecord<byte[], byte[]> source) {

    /** What a consumer has read. */
    public static LogRecord of(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(LogEntry.HEADER);
        return new LogRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                header == null ? null : header.value(),
                record.value(),
                record);
    }

    /** The record's key, or null. */
    public byte @Nullable [] key() {
        return source.key();
    }

    /** The value of any other header, or null. */
    public byte @Nullable [] header(String name) {
        Header found = source.headers().lastHeader(name);
        return found == null ? null : found.value();
    }

    /** The value of any other header as text, or null. */
    public @Nullable String textHeader(String name) {
        byte[] found = header(name);
        return found == null ? null : new String(found, StandardCharsets.UTF_8);
    }

    /** Bytes of key, value and the header {@link LogEntry#HEADER}. */
    public int sizeBytes() {
        byte[] key = source.key();
        return (key == null ? 0 : key.length)
                + (value == null ? 0 : value.length)
                + (header == null ? 0 : header.length);
    }
}
