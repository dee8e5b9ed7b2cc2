package dev.convene.runtime.host.snapshot;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogEpoch;
import dev.convene.runtime.host.log.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Raises the counter of a log's epoch after a restore. Snapshots of before that the restored log goes on from are taken
 * over into the new epoch; one that is newer than the restored log holds what is lost and is left behind.
 */
public final class EpochRaise {
    private final SnapshotStore store;
    private final LogAdmin admin;
    private final String logName;
    private final int partitions;

    public EpochRaise(SnapshotStore store, LogAdmin admin, String logName, int partitions) {
        this.store = store;
        this.admin = admin;
        this.logName = logName;
        this.partitions = partitions;
    }

    /**
     * Blocks.
     *
     * @param snapshotsOf the epoch whose snapshots are taken over, null for the one that is raised
     * @param dry whether to only say what would be done
     * @return what was done, in a sentence
     * @throws ConveneException if a partition could not be read under the new epoch
     * @throws KafkaException if the broker does not answer
     */
    public String run(@Nullable String snapshotsOf, boolean dry) {
        Uuid topic = LogAdmin.await(admin.describe(Topics.ofLog(logName)), LogAdmin.TIMEOUT)
                .topicId();
        long counter = store.epochCounter(logName);
        LogEpoch present = LogEpoch.of(topic, counter);
        LogEpoch next = LogEpoch.of(topic, counter + 1);
        LogEpoch before = snapshotsOf == null ? present : epoch(snapshotsOf);
        List<Manifest> usable = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            usable.addAll(usable(partition, before));
        }
        String what = "the epoch of " + logName + " from " + present + " to " + next + "; " + usable.size()
                + " snapshots of " + before + " stay in use";
        if (dry) {
            return "Would raise " + what + ".";
        }
        for (Manifest manifest : usable) {
            LogAdmin.await(store.publish(manifest.under(next)), LogAdmin.TIMEOUT);
        }
        store.raiseEpoch(logName, counter + 1);
        return "Raised " + what + ". It counts for a process from its next start: start all of them again now.";
    }

    private static LogEpoch epoch(String text) {
        try {
            return new LogEpoch(text);
        } catch (IllegalArgumentException _) {
            throw new ConveneException(ErrorCode.BAD_FIELD, "snapshotsOf", "not an epoch: " + text);
        }
    }

    private List<Manifest> usable(int partition, LogEpoch before) {
        TopicPartition place = new TopicPartition(Topics.ofLog(logName), partition);
        long begin = LogAdmin.await(admin.begin(place), LogAdmin.TIMEOUT);
        long end = LogAdmin.await(admin.end(place), LogAdmin.TIMEOUT);
        List<Manifest> usable = store.manifests(logName, partition, before).stream()
                .filter(manifest -> manifest.position() >= begin && manifest.position() <= end)
                .toList();
        if (usable.isEmpty() && begin > 0) {
            throw new ConveneException(
                    ErrorCode.BAD_FIELD,
                    "snapshotsOf",
                    logName + "/" + partition + " goes from " + begin + " to " + end + " and no snapshot of epoch "
                            + before + " lies between: restore convene.manifests and "
                            + Topics.ofSnapshots(logName)
                            + " of the same time too, and name the epoch of these snapshots. Nothing was changed.");
        }
        return usable;
    }
}
