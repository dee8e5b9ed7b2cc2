package dev.convene.gateway.adapter.http;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears when a connection could not be accepted, as at the limit of open files, and says so once a minute. Belongs into the
 * pipeline of the channel that accepts. Thread-safe.
 */
@ChannelHandler.Sharable
public final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);

    private static final long WORD_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** Netty tries again after a second. */
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private record Failure(String reason, long nanos) {}

    private final LongSupplier nanos;
    private volatile @Nullable Failure last;
    private volatile @Nullable Failure told;

    /** @param nanos a monotonic clock, nanoseconds */
    public AcceptFailures(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            Failure failure = new Failure(String.valueOf(cause.getMessage()), nanos.getAsLong());
            last = failure;
            Failure before = told;
            if (before == null || failure.nanos - before.nanos >= WORD_NANOS) {
                told = failure;
                log.error(
                        "New connections cannot be taken: {}. See how many files this process may open (ulimit -n)",
                        failure.reason);
            }
        }
        context.fireExceptionCaught(cause);
    }

    /** Why a connection could not be accepted within the last seconds, or null. */
    public @Nullable String recent() {
        Failure failure = last;
        return failure == null || nanos.getAsLong() - failure.nanos > RECENT_NANOS ? null : failure.reason;
    }
}
