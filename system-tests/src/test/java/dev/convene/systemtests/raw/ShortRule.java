package dev.convene.systemtests.raw;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The short rule of the guide, for one partition: by the readable headers alone. Never the same request twice; some of
 * what does not count passes.
 */
final class ShortRule {
    private record Newest(int epoch, long number) {}

    private final Map<String, Newest> newest = new HashMap<>();

    /** Whether a message counts; to be asked for each record, in order. */
    boolean counts(ConsumerRecord<byte[], byte[]> record) {
        if (!RawMessage.isMessage(record)) {
            return false;
        }
        String request = RawMessage.header(record, "request");
        if (request.isEmpty()) {
            return true;
        }
        String[] parts = request.split(":");
        Newest next = new Newest(Integer.parseInt(parts[2]), Long.parseLong(parts[3]));
        Newest last = newest.get(parts[1]);
        if (last != null && (next.epoch < last.epoch || next.epoch == last.epoch && next.number <= last.number)) {
            return false;
        }
        newest.put(parts[1], next);
        return true;
    }
}
