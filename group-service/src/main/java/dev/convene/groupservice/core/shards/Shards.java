package dev.convene.groupservice.core.shards;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The shards of this process. Thread-safe. */
public interface Shards {

    /** How they stand, by log and partition; within some seconds, with gaps where something does not answer. */
    CompletableFuture<List<ShardStatus>> status();

    /** Whether this process may be sent work: it has started and holds no shard that is still catching up. */
    boolean areReady();

    /** Why this process cannot go on with its shards and gives them away; empty if it goes on. */
    default String trouble() {
        return "";
    }
}
