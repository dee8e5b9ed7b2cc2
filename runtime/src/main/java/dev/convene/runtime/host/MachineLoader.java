package dev.convene.runtime.host;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.runtime.Shard;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.snapshot.Manifest;
import dev.convene.runtime.host.snapshot.SnapshotStore;
import dev.convene.runtime.machine.ShardMachine;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes machines of one shard from its snapshots. Thread-safe; blocks.
 *
 * @param <C> the shard's commands
 */
final class MachineLoader<C> {
    private static final Logger log = LoggerFactory.getLogger(MachineLoader.class);

    /** How long a snapshot may take to be read. */
    private static final Duration SNAPSHOT_TIMEOUT = Duration.ofSeconds(60);

    /**
     * A machine and where it comes from.
     *
     * @param manifest its snapshot; null if it begins at the start of the log
     * @param tookMs how long it took to read and build, milliseconds
     */
    record Opened<C>(ShardMachine<C> machine, @Nullable Manifest manifest, long tookMs) {}

    private final Instance instance;
    private final String logName;
    private final TopicPartition partition;
    private final Supplier<? extends Shard<C>> shards;

    MachineLoader(Instance instance, String logName, int partition, Supplier<? extends Shard<C>> shards) {
        this.instance = instance;
        this.logName = logName;
        this.partition = new TopicPartition(Topics.ofLog(logName), partition);
        this.shards = shards;
    }

    TopicPartition partition() {
        return partition;
    }

    /**
     * A machine from the newest good snapshot at or below a position, or from the start of the log.
     *
     * @param atMost the position, or {@link Long#MAX_VALUE}
     * @param skipped offsets that operators have decided to pass over, beside those that all instances know
     * @throws PositionGoneException if the log does not have the record that would come next
     * @throws KafkaException if the broker does not answer in time
     */
    Opened<C> open(long atMost, Set<Long> skipped) {
        Set<Long> all = new TreeSet<>(skipped);
        all.addAll(instance.snapshots().skips().of(logName, partition.partition(), instance.epoch(logName)));
        Opened<C> opened = fromSnapshot(atMost, all);
        long next = opened.machine.view().nextOffset();
        long begin = LogAdmin.await(instance.admin().begin(partition), LogAdmin.TIMEOUT);
        if (next < begin) {
            throw new PositionGoneException(partition + " begins at " + begin
                    + " and there is no snapshot at or above it"
                    + (atMost == Long.MAX_VALUE ? "" : " and at or below " + atMost) + " that can be used here");
        }
        long end = LogAdmin.await(instance.admin().end(partition), LogAdmin.TIMEOUT);
        if (next > end) {
            throw new PositionGoneException(partition + " ends at " + end + " but its newest snapshot is of " + next
                    + ": the log was truncated or restored; restore the snapshots too or raise the log's epoch");
        }
        return opened;
    }

    private Opened<C> fromSnapshot(long atMost, Set<Long> skipped) {
        long startMs = instance.clocks().monotonicMs();
        long below = atMost;
        while (true) {
            Shard<C> shard = shards.get();
            Optional<SnapshotStore.Loaded> loaded = instance.snapshots()
                    .load(
                            logName,
                            partition.partition(),
                            instance.epoch(logName),
                            below,
                            shard.behaviourMax(),
                            SNAPSHOT_TIMEOUT);
            if (loaded.isEmpty()) {
                return new Opened<>(new ShardMachine<>(shard, skipped), null, 0);
            }
            Manifest manifest = loaded.get().manifest();
            try {
                ShardMachine<C> machine = ShardMachine.fromSnapshot(
                        shard, Decoder.over(loaded.get().chunks()), skipped);
                return new Opened<>(machine, manifest, instance.clocks().monotonicMs() - startMs);
            } catch (MalformedRecordException e) {
                log.error("Snapshot {} cannot be read: {}; trying the one before", manifest, e.getMessage());
                below = manifest.position() - 1;
            }
        }
    }
}
