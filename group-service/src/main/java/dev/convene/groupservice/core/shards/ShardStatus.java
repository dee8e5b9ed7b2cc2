package dev.convene.groupservice.core.shards;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard of this process, as of now.
 *
 * @param role what this instance is for it: {@code catching-up}, {@code standby}, {@code owner}, {@code leaving} or
 *     {@code halted}
 * @param owner the life that owns it, empty before the first term
 * @param applied the next offset that this replica will apply
 * @param lag records that are in the log and not applied yet, or null if the broker did not say
 * @param effects effects that are not known to be out
 * @param malformed records or commands whose bytes could not be read, or null while the replica is not open
 * @param failed commands whose check threw, or null while the replica is not open
 * @param fault why it does not go on, empty if it does
 * @param snapshot the offset from which the newest snapshot goes on, or null if there is none
 * @param snapshotAgeMs how long ago it was taken, or null
 * @param snapshotBytes its size, or null
 * @param epoch the log's epoch, as in positions
 * @param behaviour the behaviour version that is on, or null while the replica is not open
 * @param elsewhere the replicas that other instances say they hold, such as {@code standby at 17 on gs-1}
 */
public record ShardStatus(
        String log,
        int partition,
        String role,
        long term,
        String owner,
        long applied,
        @Nullable Long lag,
        int effects,
        @Nullable Long malformed,
        @Nullable Long failed,
        String fault,
        @Nullable Long snapshot,
        @Nullable Long snapshotAgeMs,
        @Nullable Long snapshotBytes,
        String epoch,
        @Nullable Integer behaviour,
        List<String> elsewhere) {
    public ShardStatus {
        elsewhere = List.copyOf(elsewhere);
    }
}
