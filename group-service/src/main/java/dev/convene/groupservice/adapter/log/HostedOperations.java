package dev.convene.groupservice.adapter.log;

import dev.convene.groupservice.core.sessions.SessionsShard;
import dev.convene.groupservice.core.shards.ShardOperations;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.host.Operations;
import dev.convene.runtime.host.log.AppendException;
import dev.convene.runtime.host.log.LogAdmin;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Operators' commands for the shards that this process holds. */
public final class HostedOperations implements ShardOperations {
    /** An operator waits no longer than this. */
    private static final long TIME_LIMIT_S = 30;

    private final HostedShards shards;

    public HostedOperations(HostedShards shards) {
        this.shards = shards;
    }

    @Override
    public CompletableFuture<String> skip(String log, int partition, long offset, boolean dry) {
        return within(log, operations -> operations.skip(partition, offset, dry));
    }

    @Override
    public CompletableFuture<String> behaviour(String log, int version, boolean dry) {
        return within(log, operations -> operations.behaviour(version, dry));
    }

    @Override
    public CompletableFuture<String> raiseEpoch(String log, @Nullable String snapshotsOf, boolean dry) {
        return within(log, operations -> operations.raiseEpoch(snapshotsOf, dry));
    }

    @Override
    public CompletableFuture<Digest> digest(String log, int partition) {
        return within(
                log,
                operations -> operations
                        .digest(partition)
                        .thenApply(digest -> new Digest(log, partition, digest.position(), digest.digest())));
    }

    private <T> CompletableFuture<T> within(String log, Function<Operations<?>, CompletableFuture<T>> operation) {
        HostedShards.Running running = shards.running();
        Operations<?> operations = switch (log) {
            case SessionsShard.LOG -> new Operations<>(running.sessions());
            case SessionsShard.GROUPS_LOG -> new Operations<>(running.groups());
            default ->
                throw new ConveneException(
                        ErrorCode.BAD_FIELD,
                        "log",
                        "there is no log " + log + ", only " + SessionsShard.LOG + " and " + SessionsShard.GROUPS_LOG);
        };
        return operation
                .apply(operations)
                .orTimeout(TIME_LIMIT_S, TimeUnit.SECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(refusal(failure)));
    }

    private static Throwable refusal(Throwable failure) {
        Throwable cause = LogAdmin.unwrap(failure);
        return switch (cause) {
            case AppendException e -> new ConveneException(e.code());
            case TimeoutException e -> new ConveneException(ErrorCode.OUTCOME_UNKNOWN);
            case KafkaException e -> new ConveneException(ErrorCode.UNAVAILABLE);
            default -> cause;
        };
    }
}
