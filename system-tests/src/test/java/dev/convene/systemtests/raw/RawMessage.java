package dev.convene.systemtests.raw;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A message as its record's readable headers and value say it.
 *
 * @param from the sender
 * @param to the targets
 * @param service the service level
 * @param type the application's message type
 * @param content what the value is
 * @param value the body
 */
record RawMessage(String from, List<String> to, String service, int type, String content, String value) {

    static RawMessage of(ConsumerRecord<byte[], byte[]> record) {
        String type = header(record, "type");
        return new RawMessage(
                header(record, "from"),
                Arrays.asList(header(record, "to").split(",")),
                header(record, "service"),
                type.isEmpty() ? 0 : Integer.parseInt(type),
                header(record, "content"),
                new String(record.value(), StandardCharsets.ISO_8859_1));
    }

    static boolean isMessage(ConsumerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader("to") != null;
    }

    /** The header's text, empty if there is none. */
    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
