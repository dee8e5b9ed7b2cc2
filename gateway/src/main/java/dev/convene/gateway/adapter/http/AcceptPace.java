package dev.convene.gateway.adapter.http;

import dev.convene.gateway.core.time.TokenBucket;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes new connections no faster than so many a second, so that those who are connected are served while thousands come
 * back at once; the others wait in the socket's backlog. Belongs into the pipeline of the channel that accepts.
 */
public final class AcceptPace extends ChannelInboundHandlerAdapter {
    /** What was not used for so long can be used at once. */
    private static final long SAVED_MS = 20;

    private static final long PAUSE_MS = 2;

    private final int perSecond;
    private @Nullable TokenBucket bucket;

    /** @param perSecond connections a second, 1 or more */
    public AcceptPace(int perSecond) {
        this.perSecond = perSecond;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        bucket = new TokenBucket(perSecond, Math.max(1, perSecond * SAVED_MS / 1000.0), now(context));
    }

    private static long now(ChannelHandlerContext context) {
        return context.executor().ticker().nanoTime();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        context.fireChannelRead(accepted);
        if (bucket != null) {
            bucket.take(1);
            if (!bucket.hasAny() && !bucket.hasAny(now(context))) {
                pause(context, bucket);
            }
        }
    }

    private static void pause(ChannelHandlerContext context, TokenBucket until) {
        if (context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(false);
            later(context, until);
        }
    }

    private static void later(ChannelHandlerContext context, TokenBucket until) {
        context.executor()
                .schedule(
                        () -> {
                            if (until.hasAny(now(context))) {
                                context.channel().config().setAutoRead(true);
                            } else {
                                later(context, until);
                            }
                        },
                        PAUSE_MS,
                        TimeUnit.MILLISECONDS);
    }
}
