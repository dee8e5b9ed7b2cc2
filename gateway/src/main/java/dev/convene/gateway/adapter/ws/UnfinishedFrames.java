package dev.convene.gateway.adapter.ws;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * What one connection holds of frames that have not come whole: bytes before the decoder, and fragments of a message after it.
 * Used on the event loop only.
 */
final class UnfinishedFrames {
    private static final int HEADER_BYTES = 6;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 65_536;

    private final FrameBudget budget;
    private long undecoded;
    private long fragments;
    private boolean over;

    UnfinishedFrames(FrameBudget budget) {
        this.budget = budget;
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
        undecoded += count;
        return budget.add(count);
    }

    /** A frame with so many bytes has come whole. */
    void decoded(int payload) {
        long wire = HEADER_BYTES + payload + (payload >= LENGTH_64 ? 8 : payload >= LENGTH_16 ? 2 : 0);
        long less = Math.min(wire, undecoded);
        undecoded -= less;
        budget.add(-less);
    }

    /** Counts a fragment of a message, or that the message is whole; false if there is no room for it. */
    boolean fragment(WebSocketFrame frame) {
        if (over) {
            return true;
        }
        if (!frame.isFinalFragment()) {
            int count = frame.content().readableBytes();
            fragments += count;
            return budget.add(count);
        }
        if (frame instanceof ContinuationWebSocketFrame) {
            budget.add(-fragments);
            fragments = 0;
        }
        return true;
    }

    /** The connection is gone, and with it all it held. */
    void end() {
        over = true;
        budget.add(-undecoded - fragments);
        undecoded = 0;
        fragments = 0;
    }
}
