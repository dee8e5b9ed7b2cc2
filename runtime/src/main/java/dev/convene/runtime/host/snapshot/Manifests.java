package dev.convene.runtime.host.snapshot;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.runtime.host.log.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All manifests, and the counters of the log epochs, as they stand in their topic. Thread-safe.
 */
final class Manifests {
    private static final Logger log = LoggerFactory.getLogger(Manifests.class);
    private static final String EPOCH = "epoch/";

    private final Skips skips;
    private final Map<String, Manifest> byKey = new HashMap<>();
    private final Map<String, Long> epochCounters = new HashMap<>();

    Manifests(Skips skips) {
        this.skips = skips;
    }

    /** The next record of the topic. */
    synchronized void record(LogRecord record) {
        byte[] keyBytes = record.key();
        if (keyBytes == null) {
            return;
        }
        String key = new String(keyBytes, StandardCharsets.UTF_8);
        byte[] value = record.value();
        try {
            if (key.startsWith(EPOCH)) {
                if (value != null) {
                    epochCounters.put(key.substring(EPOCH.length()), new Decoder(value).varlong());
                }
            } else if (skips.read(key, value)) {
                log.debug("Heard of {}", key);
            } else if (value == null) {
                byKey.remove(key);
            } else {
                byKey.put(key, Manifest.read(value));
            }
        } catch (MalformedRecordException | NumberFormatException e) {
            log.warn("Passed over the manifest {} at {}: {}", key, record.offset(), e.getMessage());
        }
    }

    /** The snapshots of a partition in this epoch, the newest first. */
    synchronized List<Manifest> of(String logName, int partition, String epoch) {
        return byKey.values().stream()
                .filter(m -> m.log().equals(logName)
                        && m.partition() == partition
                        && m.epoch().equals(epoch))
                .sorted(Comparator.comparingLong(Manifest::position).reversed())
                .toList();
    }

    /** The snapshots of a partition in other epochs: of no use any longer. */
    synchronized List<Manifest> ofOtherEpochs(String logName, int partition, String epoch) {
        return byKey.values().stream()
                .filter(m -> m.log().equals(logName)
                        && m.partition() == partition
                        && !m.epoch().equals(epoch))
                .toList();
    }

    synchronized long epochCounter(String logName) {
        return epochCounters.getOrDefault(logName, 0L);
    }

    static byte[] epochKey(String logName) {
        return (EPOCH + logName).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] epochValue(long counter) {
        return new Encoder().varlong(counter).toBytes();
    }
}
