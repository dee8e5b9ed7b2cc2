package dev.convene.gateway.adapter.ws;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients are told of a request that failed: a numbered refusal, whatever the cause. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** Calls the gateway; what it throws is a failed answer like any other. */
    static <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The refusal that a failed answer holds, or an internal error for anything else, which is logged. */
    static ConveneException refusal(@Nullable Throwable failure) {
        Throwable cause = failure == null ? null : ConveneException.causeOf(failure);
        if (cause instanceof ConveneException refusal) {
            return refusal;
        }
        LOG.error("A request failed because of an error in the gateway", cause);
        return new ConveneException(ErrorCode.INTERNAL);
    }
}
