package dev.convene.gateway.adapter.ws;

import dev.convene.gateway.core.time.TokenBucket;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
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
    private final String kind;
    private final TokenBucket rate;
    private final UnfinishedFrames unfinished;

    FrameGate(ClientConnection connection, Encoding encoding, TokenBucket rate, UnfinishedFrames unfinished) {
        this.connection = connection;
        boolean json = encoding == Encoding.JSON;
        this.otherKind = json ? BinaryWebSocketFrame.class : TextWebSocketFrame.class;
        this.kind = encoding.subprotocol() + " is sent in " + (json ? "text" : "binary") + " frames";
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
        } else if (otherKind.isInstance(frame)) {
            refuse(frame, kind, CloseCode.BAD_FRAME);
        } else if (frame.rsv() != 0) {
            refuse(frame, "nothing was agreed on that uses the reserved bits of frames", CloseCode.PROTOCOL_ERROR);
        } else if (!unfinished.fragment(frame)) {
            refuse(frame, CloseCode.TRY_LATER);
        } else {
            connection.frameArrived();
            context.fireChannelRead(frame);
        }
    }

    private void refuse(WebSocketFrame frame, String message, CloseCode code) {
        frame.release();
        connection.close(new ConveneException(ErrorCode.BAD_FRAME, null, message), code);
    }

    private void refuse(WebSocketFrame frame, CloseCode code) {
        frame.release();
        connection.close(code);
    }
}
