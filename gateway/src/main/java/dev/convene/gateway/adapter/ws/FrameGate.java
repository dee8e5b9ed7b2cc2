package dev.convene.gateway.adapter.ws;

import dev.convene.gateway.core.time.TokenBucket;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.value.Encoding;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** Before frames are put together: each of them counts, has the kind of the subprotocol and uses no reserved bits. */
final class FrameGate extends ChannelInboundHandlerAdapter {
    private final ClientConnection connection;
    private final Class<? extends WebSocketFrame> otherKind;
    private final TokenBucket rate;
    private final UnfinishedFrames unfinished;

    FrameGate(ClientConnection connection, Encoding encoding, TokenBucket rate, UnfinishedFrames unfinished) {
        this.connection = connection;
        this.otherKind = encoding == Encoding.JSON ? BinaryWebSocketFrame.class : TextWebSocketFrame.class;
        this.rate = rate;
        this.unfinished = unfinished;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        unfinished.end();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof WebSocketFrame frame)) {
            context.fireChannelRead(message);
        } else if (connection.isClosing()) {
            boolean answered = frame instanceof CloseWebSocketFrame;
            frame.release();
            if (answered) {
                context.close();
            }
        } else if (!rate.tryTake(context.executor().ticker().nanoTime())) {
            refuse(frame, CloseCode.RATE);
        } else if (otherKind.isInstance(frame) || frame.rsv() != 0) {
            refuse(frame, CloseCode.BAD_FRAME);
        } else if (!unfinished.fragment(frame)) {
            refuse(frame, CloseCode.TRY_LATER);
        } else {
            connection.frameArrived();
            context.fireChannelRead(frame);
        }
    }

    private void refuse(WebSocketFrame frame, CloseCode code) {
        frame.release();
        connection.close(code);
    }
}
