package dev.convene.groupservice.core.shards;

import org.jspecify.annotations.Nullable;

/**
 * A shard of this process, as of now.
 *
 * @param role what this instance is for it: {@code owner}, {@code standby} ...
 * @param owner the instance of the last accepted term record, empty before the first
 * @param applied the next offset that it will apply
 * @param lag records that are in the log and not applied yet, as far as known
 * @param malformed records or commands whose bytes could not be read
 * @param failed commands whose check threw
 * @param halted why it stopped, or null
 * @param snapshot the offset of the newest snapshot, or null if there is none
 */
public record ShardStatus(
        String log,
        int partition,
        String role,
        long term,
        String owner,
        long applied,
        long lag,
        long malformed,
        long failed,
        @Nullable String halted,
        @Nullable Long snapshot) {}
