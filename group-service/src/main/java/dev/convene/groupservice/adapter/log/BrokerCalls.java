package dev.convene.groupservice.adapter.log;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.host.log.AppendException;
import dev.convene.runtime.host.log.LogAdmin;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * Calls of the broker on which a request waits: each has a time limit, and while most of them fail they are refused at
 * once. The one place where failures of the broker become numbered errors. Thread-safe.
 */
final class BrokerCalls {
    /** A request waits for the broker no longer than this. */
    private static final Duration TIME_LIMIT = Duration.ofSeconds(2);
    /** While the breaker is open nothing is tried for so long. */
    private static final Duration OPEN = Duration.ofSeconds(2);

    private final CircuitBreaker breaker = CircuitBreaker.of(
            "group-service-broker",
            CircuitBreakerConfig.custom()
                    .slidingWindowSize(20)
                    .minimumNumberOfCalls(5)
                    .waitDurationInOpenState(OPEN)
                    .permittedNumberOfCallsInHalfOpenState(3)
                    .ignoreException(ConveneException.class::isInstance)
                    .build());

    /** Fails with {@link ConveneException}: {@code unavailable}, or {@code outcome-unknown} if it may have been done. */
    <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> call) {
        return breaker.executeCompletionStage(
                        () -> call.get().copy().orTimeout(TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                .toCompletableFuture()
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(refusal(failure)));
    }

    private static Throwable refusal(Throwable failure) {
        Throwable cause = LogAdmin.unwrap(failure);
        return switch (cause) {
            case ConveneException e -> e;
            case AppendException e -> new ConveneException(e.code());
            case TimeoutException e -> new ConveneException(ErrorCode.OUTCOME_UNKNOWN);
            case CallNotPermittedException e -> new ConveneException(ErrorCode.UNAVAILABLE);
            case KafkaException e -> new ConveneException(ErrorCode.UNAVAILABLE);
            default -> cause;
        };
    }
}
