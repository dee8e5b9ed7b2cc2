package dev.convene.gateway.adapter.log;

import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.OutRecord;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.host.log.AppendException;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogWriter;
import dev.convene.runtime.host.log.RemoteCalls;
import dev.convene.runtime.host.log.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Appends to Kafka through {@link RemoteCalls}: when appends fail, or are acknowledged slowly, further ones are refused at
 * once, so that clients are told within milliseconds. The writer itself limits the time of each append and never blocks.
 * Nothing is tried again here: only the numbered requests above know how to do that without doubling.
 */
public final class GuardedAppender implements Appender {
    private final LogWriter writer;
    private final RemoteCalls calls;

    public GuardedAppender(LogWriter writer, RemoteCalls calls) {
        this.writer = writer;
        this.calls = calls;
    }

    @Override
    public void append(String log, int partition, OutRecord rec, Done done) {
        long begun = calls.begin();
        CompletableFuture<Long> appended =
                writer.append(Topics.ofLog(log), partition, headers(rec.headers()), rec.value());
        AppendException refusal = refusalOf(appended);
        if (refusal != null) {
            calls.ended(begun, refusal);
            throw new ConveneException(refusal.code());
        }
        appended.whenComplete((offset, e) -> {
            AppendException failure = e == null ? null : asAppendException(e);
            calls.ended(begun, e == null ? null : LogAdmin.unwrap(e));
            if (offset != null && e == null) {
                done.appended(offset);
            } else if (failure != null && failure.code() == ErrorCode.MESSAGE_TOO_LARGE) {
                done.refused(failure.code());
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

    @Override
    public void appendUnreliably(String log, int partition, OutRecord rec, Runnable dropped) {
        if (calls.pausedMs() > 0) {
            dropped.run();
        } else {
            writer.appendUnacknowledged(Topics.ofLog(log), partition, headers(rec.headers()), rec.value(), dropped);
        }
    }
}
