package dev.convene.gateway.adapter.log;

import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.OutRecord;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.host.log.AppendException;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogWriter;
import dev.convene.runtime.host.log.Topics;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Appends to Kafka. When appends fail, or are acknowledged slowly, a circuit breaker refuses further ones at once, so that
 * clients are told within milliseconds; a bulkhead bounds what is on its way. The writer itself limits the time of each append.
 * Nothing is tried again here: only the numbered requests above know how to do that without doubling.
 */
public final class GuardedAppender implements Appender {
    private final LogWriter writer;
    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;

    public GuardedAppender(LogWriter writer, CircuitBreaker breaker, Bulkhead bulkhead) {
        this.writer = writer;
        this.breaker = breaker;
        this.bulkhead = bulkhead;
    }

    @Override
    public void append(String log, int partition, OutRecord rec, Done done) {
        if (!bulkhead.tryAcquirePermission()) {
            throw new ConveneException(ErrorCode.OVERLOADED);
        }
        if (!breaker.tryAcquirePermission()) {
            bulkhead.releasePermission();
            throw new ConveneException(ErrorCode.UNAVAILABLE);
        }
        long start = breaker.getCurrentTimestamp();
        CompletableFuture<Long> appended =
                writer.append(Topics.ofLog(log), partition, headers(rec.headers()), rec.value());
        AppendException refusal = refusalOf(appended);
        if (refusal != null) {
            ended(start, refusal);
            throw new ConveneException(refusal.code());
        }
        appended.whenComplete((offset, e) -> {
            AppendException failure = e == null ? null : asAppendException(e);
            ended(start, failure);
            if (offset != null && failure == null) {
                done.appended(offset);
            } else {
                done.failed(failure == null || failure.outcome() == AppendException.Outcome.UNKNOWN);
            }
        });
    }

    private static List<Header> headers(List<OutRecord.Header> headers) {
        if (headers.isEmpty()) {
            return List.of();
        }
        List<Header> kafka = new ArrayList<>(headers.size());
        for (OutRecord.Header header : headers) {
            kafka.add(new RecordHeader(header.name(), header.value()));
        }
        return kafka;
    }

    /** The failure of an append that was over before it began, else null. */
    private static @Nullable AppendException refusalOf(CompletableFuture<Long> appended) {
        if (!appended.isCompletedExceptionally()) {
            return null;
        }
        AppendException failure = asAppendException(appended.exceptionNow());
        return failure != null && failure.outcome() == AppendException.Outcome.DID_NOT_HAPPEN ? failure : null;
    }

    private static @Nullable AppendException asAppendException(Throwable failure) {
        return LogAdmin.unwrap(failure) instanceof AppendException known ? known : null;
    }

    private void ended(long start, @Nullable AppendException failure) {
        bulkhead.onComplete();
        long took = breaker.getCurrentTimestamp() - start;
        TimeUnit unit = breaker.getTimestampUnit();
        if (failure == null) {
            breaker.onSuccess(took, unit);
        } else if (failure.code() == ErrorCode.MESSAGE_TOO_LARGE || failure.code() == ErrorCode.OVERLOADED) {
            // This says nothing about the broker.
            breaker.releasePermission();
        } else {
            breaker.onError(took, unit, failure);
        }
    }

    @Override
    public boolean appendUnreliably(String log, int partition, OutRecord rec) {
        if (breaker.getState() == CircuitBreaker.State.OPEN) {
            return false;
        }
        writer.appendUnacknowledged(Topics.ofLog(log), partition, headers(rec.headers()), rec.value());
        return true;
    }
}
