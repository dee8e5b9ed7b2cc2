package dev.convene.groupservice.adapter.log;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.host.log.AppendException;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.RemoteCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * Calls of the broker on which a request waits, guarded as all are by {@link RemoteCalls}, within a time limit. The one place
 * where failures of the broker become numbered errors. Thread-safe.
 */
final class BrokerCalls {
    /** A request waits for the broker no longer than this. */
    private static final Duration TIME_LIMIT = Duration.ofMillis(1750);

    private final HostedShards shards;

    BrokerCalls(HostedShards shards) {
        this.shards = shards;
    }

    /** Fails with {@link ConveneException}: {@code unavailable}, or {@code outcome-unknown} if it may have been done. */
    <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> call) {
        return shards.running()
                .instance()
                .requestCalls()
                .once(TIME_LIMIT, call)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(refusal(failure)));
    }

    private static Throwable refusal(Throwable failure) {
        Throwable cause = LogAdmin.unwrap(failure);
        return switch (cause) {
            case ConveneException e -> e;
            case AppendException e -> new ConveneException(e.code());
            case RemoteCalls.LimitReachedException e -> new ConveneException(ErrorCode.OUTCOME_UNKNOWN);
            case KafkaException e -> new ConveneException(ErrorCode.UNAVAILABLE);
            default -> cause;
        };
    }
}
