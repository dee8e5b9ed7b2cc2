package dev.convene.runtime.host.snapshot;

import dev.convene.protocol.log.Encoder;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.HandlerFailures;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogEpoch;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.host.log.LogWriter;
import dev.convene.runtime.host.log.RecordHandler;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.SnapshotDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes, finds, reads and deletes snapshots. Thread-safe. Methods that block say so; virtual threads are meant for them.
 */
public final class SnapshotStore {
    private static final Logger log = LoggerFactory.getLogger(SnapshotStore.class);

    /** Bytes of a chunk. */
    public static final int CHUNK_BYTES = 512 << 10;
    /** Chunks that may be on their way at a time. */
    private static final int CHUNKS_IN_FLIGHT = 4;
    /** How long one chunk may take. */
    private static final Duration CHUNK_TIMEOUT = Duration.ofSeconds(30);

    private static final TopicPartition MANIFESTS = new TopicPartition(Topics.MANIFESTS, 0);

    private final Skips skips;
    private final Manifests manifests;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final ChunkReader chunks;
    private final LogWriter writer;
    private final LogAdmin admin;
    private final Clocks clocks;
    private final HandlerFailures failures;

    /**
     * A store of which nothing is known yet, see {@link #follow}.
     *
     * @param writer for chunks and manifests; not the one on which requests wait
     */
    public SnapshotStore(
            ChunkReader chunks, LogWriter writer, LogAdmin admin, Clocks clocks, HandlerFailures failures) {
        this.chunks = chunks;
        this.writer = writer;
        this.admin = admin;
        this.clocks = clocks;
        this.skips = new Skips(writer);
        this.failures = failures;
        this.manifests = new Manifests(skips);
    }

    /** The offsets that operators have decided to pass over. */
    public Skips skips() {
        return skips;
    }

    /** Begins to follow the manifests. */
    public void follow(LogReader reader) {
        admin.begin(MANIFESTS).whenComplete((begin, failure) -> {
            if (failure != null) {
                reader.postAfter(500, () -> follow(reader));
                return;
            }
            reader.add(MANIFESTS, begin, new Following(reader));
            reader.caughtUp(MANIFESTS).thenAccept(end -> ready.complete(null));
        });
    }

    /** Keeps the manifests as the topic has them. */
    private final class Following implements RecordHandler {
        private final LogReader reader;

        Following(LogReader reader) {
            this.reader = reader;
        }

        @Override
        public void record(LogRecord record) {
            manifests.record(record);
        }

        /** The topic lost its end or was made anew. What it does not name is found damaged when somebody wants it. */
        @Override
        public void outOfRange(long position) {
            log.warn("The manifests have nothing at {}: they are read from the beginning", position);
            follow(reader);
        }

        @Override
        public boolean failed(Throwable failure) {
            failures.failed(
                    "manifests", "a snapshot or a decision of an operator was not seen, the next ones are", failure);
            return true;
        }
    }

    /** Completes when all manifests of the time of the start have been read. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** The snapshots of a partition, the newest first, as far as they have been heard of. */
    public List<Manifest> manifests(String logName, int partition, LogEpoch epoch) {
        return manifests.of(logName, partition, epoch.text());
    }

    /**
     * A snapshot with its bytes.
     *
     * @param chunks in pieces, for whoever reads them to take away: together they may be more than an array can hold
     */
    public record Loaded(Manifest manifest, Queue<byte[]> chunks) {}

    /**
     * Loads the newest snapshot at or below a position whose digest is right, falling back to older ones. Blocks up to
     * {@code timeout} for each that it tries.
     *
     * @param atMost the position, or {@link Long#MAX_VALUE}
     * @param behaviourMax the newest behaviour version that the caller knows
     * @return empty if there is none
     * @throws KafkaException if the broker cannot be reached
     */
    public Optional<Loaded> load(
            String logName, int partition, LogEpoch epoch, long atMost, int behaviourMax, Duration timeout) {
        for (Manifest manifest : manifests(logName, partition, epoch)) {
            if (manifest.position() > atMost || manifest.behaviour() > behaviourMax) {
                continue;
            }
            Optional<Queue<byte[]>> read = chunks.read(manifest, timeout);
            if (read.isPresent() && digest(read.get()).equals(manifest.digest())) {
                return Optional.of(new Loaded(manifest, read.get()));
            }
            log.error("Snapshot {} is damaged; trying the one before", manifest);
        }
        return Optional.empty();
    }

    private static String digest(Queue<byte[]> pieces) {
        SnapshotDigest digest = new SnapshotDigest();
        pieces.forEach(digest::add);
        return digest.hex();
    }

    /**
     * A snapshot to be written.
     *
     * @param position the offset of the first record that is not in it
     * @param content its bytes
     * @param logBytes bytes of the records since the snapshot before, as far as its writer knows
     */
    public record Taken(
            String log, int partition, LogEpoch epoch, long position, int behaviour, Content content, long logBytes) {
        /** The same with these bytes. */
        public Taken with(Content bytes) {
            return new Taken(log, partition, epoch, position, behaviour, bytes, logBytes);
        }
    }

    /** The bytes of a snapshot, in pieces of {@link #CHUNK_BYTES} but for the last. */
    @FunctionalInterface
    public interface Content {
        /** Gives all pieces, on the calling thread; giving one may block. */
        void writeTo(Encoder.Drain chunks);
    }

    /**
     * Writes the chunks; nobody sees the snapshot until {@link #publish}. Blocks.
     *
     * @throws KafkaException if a chunk could not be written; what was written stays unused
     */
    public Manifest write(Taken taken) {
        Writing writing = new Writing(Topics.ofSnapshots(taken.log), taken.partition);
        taken.content.writeTo(writing);
        return new Manifest(
                taken.log,
                taken.partition,
                taken.epoch.text(),
                taken.position,
                taken.behaviour,
                writing.digest.hex(),
                writing.sizeBytes,
                clocks.wallMs(),
                taken.logBytes,
                writing.offsets());
    }

    /** The chunks of one snapshot on their way. */
    private final class Writing implements Encoder.Drain {
        private final String topic;
        private final int partition;
        private final SnapshotDigest digest = new SnapshotDigest();
        private final List<CompletableFuture<Long>> written = new ArrayList<>();
        private long sizeBytes;

        Writing(String topic, int partition) {
            this.topic = topic;
            this.partition = partition;
        }

        @Override
        public void take(byte[] chunk) {
            if (written.size() >= CHUNKS_IN_FLIGHT) {
                LogAdmin.await(written.get(written.size() - CHUNKS_IN_FLIGHT), CHUNK_TIMEOUT);
            }
            digest.add(chunk);
            sizeBytes += chunk.length;
            written.add(writer.append(topic, partition, chunk));
        }

        long[] offsets() {
            return written.stream()
                    .mapToLong(offset -> LogAdmin.await(offset, CHUNK_TIMEOUT))
                    .toArray();
        }
    }

    /** Makes a snapshot visible. Only when all effects of the records below its position are acknowledged. */
    public CompletableFuture<Void> publish(Manifest manifest) {
        return writer.append(Topics.MANIFESTS, 0, manifest.key(), List.of(), manifest.toBytes())
                .thenAccept(offset -> {});
    }

    /**
     * Deletes these snapshots, then the chunks that no kept one needs, then the records of the log below the oldest kept.
     * Blocks. What fails is done again by the next call.
     *
     * @param kept the snapshots that stay, at least one
     * @param deleted those that go
     */
    public void retain(List<Manifest> kept, List<Manifest> deleted) {
        if (kept.isEmpty()) {
            throw new IllegalArgumentException("at least one snapshot is kept");
        }
        for (Manifest manifest : deleted) {
            LogAdmin.await(writer.append(Topics.MANIFESTS, 0, manifest.key(), List.of(), null), CHUNK_TIMEOUT);
        }
        Manifest any = kept.getFirst();
        long firstChunk = kept.stream()
                .flatMapToLong(manifest -> Arrays.stream(manifest.chunks()))
                .min()
                .orElse(0);
        long firstRecord = kept.stream().mapToLong(Manifest::position).min().orElse(0);
        TopicPartition chunkTopic = new TopicPartition(Topics.ofSnapshots(any.log()), any.partition());
        TopicPartition logTopic = new TopicPartition(Topics.ofLog(any.log()), any.partition());
        LogAdmin.await(admin.deleteBelow(chunkTopic, firstChunk), CHUNK_TIMEOUT);
        LogAdmin.await(admin.deleteBelow(logTopic, firstRecord), CHUNK_TIMEOUT);
        skips.forget(any.log(), any.partition(), any.epoch(), firstRecord)
                .forEach(gone -> LogAdmin.await(gone, CHUNK_TIMEOUT));
        if (!deleted.isEmpty()) {
            log.info(
                    "{}/{}: deleted {} snapshots and the records below {}",
                    any.log(),
                    any.partition(),
                    deleted.size(),
                    firstRecord);
        }
    }

    /** Snapshots of this partition under other epochs, which nobody can use. */
    public List<Manifest> unusable(String logName, int partition, LogEpoch epoch) {
        return manifests.ofOtherEpochs(logName, partition, epoch.text());
    }

    /**
     * The log's present epoch. Blocks for the topic's id. A counter that is raised later counts from the next start.
     *
     * @throws KafkaException if the broker cannot be reached
     */
    public LogEpoch epoch(String logName, Duration timeout) {
        LogAdmin.await(ready(), timeout);
        return LogEpoch.of(
                LogAdmin.await(admin.describe(Topics.ofLog(logName)), timeout).topicId(),
                manifests.epochCounter(logName));
    }

    /** The counter of the log's epoch as it stands now, 0 if it was never raised. */
    long epochCounter(String logName) {
        return manifests.epochCounter(logName);
    }

    /** Sets the counter of the log's epoch; see {@link EpochRaise}. Blocks. */
    void raiseEpoch(String logName, long counter) {
        LogAdmin.await(
                writer.append(
                        Topics.MANIFESTS, 0, Manifests.epochKey(logName), List.of(), Manifests.epochValue(counter)),
                CHUNK_TIMEOUT);
    }
}
