package dev.convene.runtime.host.snapshot;

import dev.convene.runtime.host.log.KafkaAccess;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogConsumer;
import dev.convene.runtime.host.log.RemoteCalls;
import dev.convene.runtime.host.log.Topics;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the chunks of a snapshot, with a consumer of its own for each. Thread-safe. */
public final class ChunkReader {
    private static final Logger log = LoggerFactory.getLogger(ChunkReader.class);

    private final KafkaAccess access;
    private final LogAdmin admin;
    private final RemoteCalls calls;

    /** @param calls what stands round the reading of a snapshot */
    public ChunkReader(KafkaAccess access, LogAdmin admin, RemoteCalls calls) {
        this.access = access;
        this.admin = admin;
        this.calls = calls;
    }

    /** The snapshot's bytes; empty if a chunk is missing, of a wrong size, or does not come in time. Blocks. */
    Optional<byte[]> read(Manifest manifest, Duration timeout) {
        return calls.blocking(() -> readChunks(manifest, timeout));
    }

    private Optional<byte[]> readChunks(Manifest manifest, Duration timeout) {
        long[] chunks = manifest.chunks();
        if (manifest.sizeBytes() > Integer.MAX_VALUE - 8 || chunks.length == 0) {
            return Optional.empty();
        }
        TopicPartition partition = new TopicPartition(Topics.ofSnapshots(manifest.log()), manifest.partition());
        // Read only what is there: a position below the first chunk that was deleted would be waited for in vain.
        if (LogAdmin.await(admin.begin(partition), timeout) > chunks[0]) {
            log.warn("The chunks of snapshot {} are deleted", manifest);
            return Optional.empty();
        }
        byte[] bytes = new byte[(int) manifest.sizeBytes()];
        int filled = 0;
        int next = 0;
        long deadline = System.nanoTime() + timeout.toNanos();
        try (LogConsumer consumer = new LogConsumer("snapshot", access, partition, chunks[0])) {
            while (next < chunks.length) {
                if (System.nanoTime() > deadline) {
                    log.warn("Snapshot {} could not be read within {}", manifest, timeout);
                    return Optional.empty();
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (next >= chunks.length || record.offset() < chunks[next]) {
                        continue;
                    }
                    byte[] value = record.value();
                    if (record.offset() != chunks[next] || value == null || value.length > bytes.length - filled) {
                        return Optional.empty();
                    }
                    System.arraycopy(value, 0, bytes, filled, value.length);
                    filled += value.length;
                    next++;
                }
            }
        } catch (OffsetOutOfRangeException e) {
            log.warn("The chunks of snapshot {} are deleted: {}", manifest, e.getMessage());
            return Optional.empty();
        }
        return filled == bytes.length ? Optional.of(bytes) : Optional.empty();
    }
}
