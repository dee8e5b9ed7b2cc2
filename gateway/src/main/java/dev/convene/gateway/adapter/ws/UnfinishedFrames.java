package dev.convene.gateway.adapter.ws;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.function.LongSupplier;

/**
 * What one connection holds of frames that have not come whole: bytes before the decoder, and fragments of a message after it.
 * Used on the event loop only.
 */
final class UnfinishedFrames {
    private static final int HEADER_BYTES = 6;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 65_536;

    private final FrameBudget budget;
    private final LongSupplier clock;
    private long undecoded;
    private long undecodedSince;
    private long fragments;
    private long fragmentsSince;
    private boolean over;

    /** @param clock nanoseconds of the event loop */
    UnfinishedFrames(FrameBudget budget, LongSupplier clock) {
        this.budget = budget;
        this.clock = clock;
    }

    /** Counts what comes to and from the pipeline's decoder, if it has one. */
    void install(ChannelPipeline pipeline, Runnable exceeded) {
        ChannelHandlerContext decoder = pipeline.context(WebSocket13FrameDecoder.class);
        if (decoder != null) {
            pipeline.addBefore(decoder.name(), "convene.bytes", new Bytes(exceeded));
            pipeline.addAfter(decoder.name(), "convene.decoded", new Decoded());
        }
    }

    private final class Bytes extends ChannelInboundHandlerAdapter {
        private final Runnable exceeded;

        Bytes(Runnable exceeded) {
            this.exceeded = exceeded;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf bytes && !received(bytes.readableBytes())) {
                ReferenceCountUtil.release(message);
                exceeded.run();
            } else {
                context.fireChannelRead(message);
            }
        }
    }

    private final class Decoded extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof WebSocketFrame frame) {
                decoded(frame.content().readableBytes());
            }
            context.fireChannelRead(message);
        }
    }

    /** Whether there is room for bytes that have come. */
    boolean received(int count) {
        if (over) {
            return true;
        }
        long before = held();
        undecodedSince = undecoded == 0 ? clock.getAsLong() : undecodedSince;
        undecoded += count;
        return budget.hold(before, held());
    }

    /** A frame with so many bytes has come whole. */
    void decoded(int payload) {
        long before = held();
        long wire = HEADER_BYTES + payload + (payload >= LENGTH_64 ? 8 : payload >= LENGTH_16 ? 2 : 0);
        undecoded -= Math.min(wire, undecoded);
        undecodedSince = clock.getAsLong();
        budget.hold(before, held());
    }

    /** Counts a fragment of a message, or that the message is whole; false if there is no room for it. */
    boolean fragment(WebSocketFrame frame) {
        if (over) {
            return true;
        }
        long before = held();
        if (!frame.isFinalFragment()) {
            fragmentsSince = fragments == 0 ? clock.getAsLong() : fragmentsSince;
            fragments += frame.content().readableBytes();
        } else if (frame instanceof ContinuationWebSocketFrame) {
            fragments = 0;
        }
        return budget.hold(before, held());
    }

    private long held() {
        return undecoded + fragments;
    }

    /** Whether something was begun so long ago and has not come whole. */
    boolean isOlderThan(long nanos) {
        long now = clock.getAsLong();
        return undecoded > 0 && now - undecodedSince >= nanos || fragments > 0 && now - fragmentsSince >= nanos;
    }

    /** The connection is gone, and with it all it held. */
    void end() {
        over = true;
        budget.hold(held(), 0);
        undecoded = 0;
        fragments = 0;
    }
}
