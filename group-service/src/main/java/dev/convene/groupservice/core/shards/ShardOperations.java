package dev.convene.groupservice.core.shards;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What operators may do to shards. Everything is checked before anything is written; what is asked for dry is only
 * checked. Futures give a sentence that says what was done, and fail with {@link
 * dev.convene.protocol.ConveneException}. Thread-safe.
 */
public interface ShardOperations {

    /** Lets all replicas and readers pass over the record at which a shard has halted. */
    CompletableFuture<String> skip(String log, int partition, long offset, boolean dry);

    /** Switches a behaviour version on in all partitions of a log. */
    CompletableFuture<String> behaviour(String log, int version, boolean dry);

    /**
     * Raises a log's epoch after a restore.
     *
     * @param snapshotsOf the epoch whose snapshots go on being used, null for the present one
     */
    CompletableFuture<String> raiseEpoch(String log, @Nullable String snapshotsOf, boolean dry);

    /** The digest of a replica of this process. */
    CompletableFuture<Digest> digest(String log, int partition);

    /** @param position the next offset that the replica would apply: replicas at the same one have the same digest */
    record Digest(String log, int partition, long position, String digest) {}
}
