package dev.convene.groupservice.core.groups;

import dev.convene.group.Groups;
import dev.convene.protocol.At;
import dev.convene.protocol.frame.GroupOperation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The replicas of the group log that this process holds. Questions are asked on a shard's thread, must not take long and
 * are true at the position that they are given. Futures fail with {@link dev.convene.protocol.ConveneException}:
 * {@code no-such-group} for a domain that nobody has used yet, {@code starting} while a replica is not there or not caught
 * up. Thread-safe.
 */
public interface GroupReplicas {

    /** Asks the replica where a domain lives. */
    <T> CompletableFuture<T> ask(String domain, BiFunction<Groups, At, T> question);

    /** Asks all partitions of the log. */
    <T> CompletableFuture<List<T>> askAll(Function<Groups, T> question);

    /** Appends new settings; completes when the replica has applied them. What is null is left as it is. */
    CompletableFuture<Void> change(GroupOperation.Settings settings);

    /** Where the history of a group stands. */
    CompletableFuture<HistoryPointer> history(String group);
}
