package dev.convene.gateway.adapter.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Takes new connections no faster than so many a second, so that those who are connected are served while thousands come
 * back at once; the others wait in the socket's backlog. Belongs into the pipeline of the channel that accepts.
 */
public final class AcceptPace extends ChannelInboundHandlerAdapter {
    /** What was not used for so long can be used at once. */
    private static final long SAVED_MS = 20;

    private static final long PAUSE_MS = 2;

    private final double perMs;
    private double allowance;
    private long refilledNanos;

    /** @param perSecond connections a second, 1 or more */
    public AcceptPace(int perSecond) {
        this.perMs = perSecond / 1000.0;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        refilledNanos = context.executor().ticker().nanoTime();
        allowance = savedMax();
    }

    private double savedMax() {
        return Math.max(1, perMs * SAVED_MS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        allowance--;
        context.fireChannelRead(accepted);
        if (allowance < 0) {
            refill(context);
        }
        if (allowance < 0) {
            pause(context);
        }
    }

    private void refill(ChannelHandlerContext context) {
        long now = context.executor().ticker().nanoTime();
        allowance = Math.min(savedMax(), allowance + (now - refilledNanos) * perMs / TimeUnit.MILLISECONDS.toNanos(1));
        refilledNanos = now;
    }

    private void pause(ChannelHandlerContext context) {
        if (context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(false);
            later(context);
        }
    }

    private void later(ChannelHandlerContext context) {
        context.executor()
                .schedule(
                        () -> {
                            refill(context);
                            if (allowance < 0) {
                                later(context);
                            } else {
                                context.channel().config().setAutoRead(true);
                            }
                        },
                        PAUSE_MS,
                        TimeUnit.MILLISECONDS);
    }
}
