package dev.convene.runtime.host.log;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.micrometer.tagged.TaggedBulkheadMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedRetryMetrics;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * What stands round every call of another process: a circuit breaker that refuses at once while calls fail or are slow, a
 * bulkhead that bounds how many are on their way, a time limit, and repetition with growing, random pauses where a call may
 * be made twice. One for each kind of call, since one kind may fail alone. Its state and its counts are metrics of
 * Resilience4j under its name. Thread-safe.
 *
 * <p>What is refused or takes too long fails with a {@link KafkaException}, as what the broker does not answer does.
 */
public final class RemoteCalls implements AutoCloseable {
    private static final int ATTEMPTS_MAX = 3;
    private static final Duration AGAIN_FIRST = Duration.ofMillis(50);
    private static final double AGAIN_FACTOR = 2;
    /** A pause is drawn from half as much to half as much again. */
    private static final double AGAIN_JITTER = 0.5;
    /** In half open state so many may try. */
    private static final int TRIED = 3;

    /** The call was not over within its time; whether it had an effect is not known. */
    public static final class LimitReachedException extends org.apache.kafka.common.errors.TimeoutException {
        private static final long serialVersionUID = 1L;

        LimitReachedException(String message) {
            super(message);
        }
    }

    /** The call was not made. */
    public static final class NotTriedException extends org.apache.kafka.common.errors.TimeoutException {
        private static final long serialVersionUID = 1L;

        NotTriedException(String message) {
            super(message);
        }
    }

    /**
     * @param concurrentMax most calls on their way
     * @param slow a call that takes longer counts as half a failure: many of them open the breaker
     * @param open while the breaker is open nothing is tried for so long
     * @param callsMin so many calls in five seconds are judged
     */
    public record Settings(int concurrentMax, Duration slow, Duration open, int callsMin) {
        /** Questions: 256 at a time, a second is slow, half a second without a try. */
        public static final Settings QUESTIONS = new Settings(256, Duration.ofSeconds(1), Duration.ofMillis(500), 5);
        /** Loads of what may be large: slow is no fault. */
        public static final Settings LOADS = new Settings(64, Duration.ofHours(1), Duration.ofMillis(500), 5);
    }

    private final String name;
    private final Settings settings;
    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;
    private final Retry retry;
    private final ScheduledThreadPoolExecutor timer;
    private volatile long openedNanos;

    /** @param name in metrics, logs and health */
    public RemoteCalls(String name, Settings settings, MeterRegistry meters) {
        this.name = name;
        this.settings = settings;
        CircuitBreakerRegistry breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.TIME_BASED)
                .slidingWindowSize(5)
                .minimumNumberOfCalls(settings.callsMin())
                .failureRateThreshold(50)
                .slowCallDurationThreshold(settings.slow())
                .slowCallRateThreshold(50)
                .waitDurationInOpenState(settings.open())
                .permittedNumberOfCallsInHalfOpenState(TRIED)
                .maxWaitDurationInHalfOpenState(Duration.ofSeconds(3))
                .recordException(RemoteCalls::isBrokers)
                .build());
        this.breaker = breakers.circuitBreaker(name);
        breaker.getEventPublisher().onStateTransition(event -> openedNanos = System.nanoTime());
        BulkheadRegistry bulkheads = BulkheadRegistry.of(BulkheadConfig.custom()
                .maxConcurrentCalls(settings.concurrentMax())
                .maxWaitDuration(Duration.ZERO)
                .build());
        this.bulkhead = bulkheads.bulkhead(name);
        RetryRegistry retries = RetryRegistry.of(RetryConfig.custom()
                .maxAttempts(ATTEMPTS_MAX)
                .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(AGAIN_FIRST, AGAIN_FACTOR, AGAIN_JITTER))
                .retryOnException(RemoteCalls::isWorthAnotherTry)
                .build());
        this.retry = retries.retry(name);
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name + "-limits").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(meters);
        TaggedBulkheadMetrics.ofBulkheadRegistry(bulkheads).bindTo(meters);
        TaggedRetryMetrics.ofRetryRegistry(retries).bindTo(meters);
    }

    /** Its name in metrics and health. */
    public String name() {
        return name;
    }

    /** The breaker's state: {@code closed}, {@code open} while nothing is tried, or {@code half_open}. */
    public String state() {
        CircuitBreaker.State state = breaker.getState();
        boolean tries = state == CircuitBreaker.State.OPEN && pausedMs() == 0;
        return (tries ? CircuitBreaker.State.HALF_OPEN : state).name().toLowerCase(java.util.Locale.ROOT);
    }

    /** For how long nothing is tried any more, milliseconds; 0 while calls are tried. */
    public long pausedMs() {
        if (breaker.getState() != CircuitBreaker.State.OPEN) {
            return 0;
        }
        long sinceMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedNanos);
        // After its time the breaker stays open until somebody calls, and lets that through.
        return Math.max(0, settings.open().toMillis() - sinceMs);
    }

    /** The broker was away and is back: calls are made as if none had failed. */
    public void brokerIsBack() {
        if (breaker.getState() != CircuitBreaker.State.CLOSED) {
            breaker.transitionToClosedState();
        }
    }

    /** Makes a call once. */
    public <T> CompletableFuture<T> once(Duration limit, Supplier<CompletableFuture<T>> call) {
        return guarded(limit, call).exceptionallyCompose(this::failed);
    }

    /** Makes a call that has no effect, or the same one when it is made twice: some times if need be, within the limit. */
    public <T> CompletableFuture<T> repeated(Duration limit, Supplier<CompletableFuture<T>> call) {
        long endNanos = System.nanoTime() + limit.toNanos();
        return retry.executeCompletionStage(
                        timer, () -> guarded(Duration.ofNanos(Math.max(1, endNanos - System.nanoTime())), call))
                .toCompletableFuture()
                .exceptionallyCompose(this::failed);
    }

    private <T> CompletableFuture<T> guarded(Duration limit, Supplier<CompletableFuture<T>> call) {
        TimeLimiter limiter = TimeLimiter.of(limit);
        return breaker.executeCompletionStage(() -> bulkhead.executeCompletionStage(() ->
                        limiter.executeCompletionStage(timer, () -> call.get().copy())))
                .toCompletableFuture();
    }

    /**
     * Makes a call that blocks, and that limits its time itself.
     *
     * @throws KafkaException if it was not made; what it throws itself
     */
    public <T> T blocking(Supplier<T> call) {
        try {
            return breaker.executeSupplier(() -> bulkhead.executeSupplier(call));
        } catch (CallNotPermittedException | BulkheadFullException e) {
            throw notTried(e);
        }
    }

    /**
     * Begins a call whose end is told by {@link #ended}: for calls that are too many to wrap each.
     *
     * @return what {@code ended} has to be told
     * @throws ConveneException if it may not be made
     */
    public long begin() {
        if (!bulkhead.tryAcquirePermission()) {
            throw new ConveneException(ErrorCode.OVERLOADED);
        }
        if (!breaker.tryAcquirePermission()) {
            bulkhead.releasePermission();
            throw new ConveneException(ErrorCode.UNAVAILABLE);
        }
        return breaker.getCurrentTimestamp();
    }

    /**
     * A call is over.
     *
     * @param begun what {@link #begin} gave
     * @param failure null if it succeeded
     */
    public void ended(long begun, @Nullable Throwable failure) {
        bulkhead.onComplete();
        long took = breaker.getCurrentTimestamp() - begun;
        if (failure == null) {
            breaker.onSuccess(took, breaker.getTimestampUnit());
        } else if (isBrokers(failure)) {
            breaker.onError(took, breaker.getTimestampUnit(), failure);
        } else {
            breaker.releasePermission();
        }
    }

    private <T> CompletableFuture<T> failed(Throwable failure) {
        Throwable cause = LogAdmin.unwrap(failure);
        return CompletableFuture.failedFuture(
                switch (cause) {
                    case CallNotPermittedException e -> notTried(e);
                    case BulkheadFullException e -> notTried(e);
                    case TimeoutException e -> new LimitReachedException(name + ": no answer within the time limit");
                    default -> cause;
                });
    }

    private NotTriedException notTried(RuntimeException why) {
        return new NotTriedException(name + ": not tried: " + why.getMessage());
    }

    /** Whether this speaks of the broker, and not of what was asked. */
    private static boolean isBrokers(Throwable failure) {
        return switch (LogAdmin.unwrap(failure)) {
            case UnknownTopicOrPartitionException _ -> false;
            case RetriableException _, TimeoutException _ -> true;
            case ApiException _ -> false;
            case AppendException e -> e.code() == ErrorCode.UNAVAILABLE || e.code() == ErrorCode.OUTCOME_UNKNOWN;
            case KafkaException _ -> true;
            default -> false;
        };
    }

    private static boolean isWorthAnotherTry(Throwable failure) {
        return LogAdmin.unwrap(failure) instanceof RetriableException known
                && !(known instanceof UnknownTopicOrPartitionException);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
