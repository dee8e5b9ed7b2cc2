package dev.convene.runtime.host.snapshot;

import dev.convene.runtime.host.log.KafkaAccess;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogConsumer;
import dev.convene.runtime.host.log.RemoteCalls;
import dev.convene.runtime.host.log.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the chunks of a snapshot, with a consumer of its own for each. Thread-safe. */
public final class ChunkReader {
    private static final Logger log = LoggerFactory.getLogger(ChunkReader.class);

    /** What a slow broker is taken to give, bytes a second. */
    private static final long BYTES_PER_SECOND = 8 << 20;

    private final KafkaAccess access;
    private final LogAdmin admin;
    private final RemoteCalls calls;

    /** @param calls what stands round the reading of a snapshot */
    public ChunkReader(KafkaAccess access, LogAdmin admin, RemoteCalls calls) {
        this.access = access;
        this.admin = admin;
        this.calls = calls;
    }

    /**
     * The snapshot's bytes, chunk by chunk; empty if a chunk is missing, of a wrong size, or does not come in time. Blocks.
     *
     * @param timeout how long a small one may take; a large one has the time of {@value #BYTES_PER_SECOND} bytes a second
     *     more
     */
    Optional<Queue<byte[]>> read(Manifest manifest, Duration timeout) {
        return calls.blocking(() -> readChunks(manifest, timeout));
    }

    private Optional<Queue<byte[]>> readChunks(Manifest manifest, Duration timeout) {
        long[] chunks = manifest.chunks();
        if (chunks.length == 0) {
            return Optional.empty();
        }
        TopicPartition partition = new TopicPartition(Topics.ofSnapshots(manifest.log()), manifest.partition());
        // Read only what is there: a position below the first chunk that was deleted would be waited for in vain.
        if (LogAdmin.await(admin.begin(partition), timeout) > chunks[0]) {
            log.warn("The chunks of snapshot {} are deleted", manifest);
            return Optional.empty();
        }
        Reading reading = new Reading(manifest);
        Duration time = timeout.plusSeconds(manifest.sizeBytes() / BYTES_PER_SECOND);
        long deadline = System.nanoTime() + time.toNanos();
        try (LogConsumer consumer = new LogConsumer("snapshot", access, partition, chunks[0])) {
            while (!reading.isDone()) {
                if (System.nanoTime() > deadline) {
                    log.warn("Snapshot {} could not be read within {}", manifest, time);
                    return Optional.empty();
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (!reading.take(record.offset(), record.value())) {
                        return Optional.empty();
                    }
                }
            }
        } catch (OffsetOutOfRangeException e) {
            log.warn("The chunks of snapshot {} are deleted: {}", manifest, e.getMessage());
            return Optional.empty();
        }
        return reading.isWhole() ? Optional.of(reading.pieces) : Optional.empty();
    }

    /** The chunks of one snapshot as they come by, among those of others. */
    static final class Reading {
        private final long[] offsets;
        private final long sizeBytes;
        private final Queue<byte[]> pieces = new ArrayDeque<>();
        private long filledBytes;
        private int next;

        Reading(Manifest manifest) {
            this.offsets = manifest.chunks();
            this.sizeBytes = manifest.sizeBytes();
        }

        /** Whether the snapshot may still be had after this record. */
        boolean take(long offset, byte @Nullable [] value) {
            if (isDone() || offset < offsets[next]) {
                return true;
            }
            if (offset != offsets[next] || value == null || value.length > sizeBytes - filledBytes) {
                return false;
            }
            pieces.add(value);
            filledBytes += value.length;
            next++;
            return true;
        }

        boolean isDone() {
            return next >= offsets.length;
        }

        boolean isWhole() {
            return isDone() && filledBytes == sizeBytes;
        }

        Queue<byte[]> pieces() {
            return pieces;
        }
    }
}
