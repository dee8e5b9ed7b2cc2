package dev.convene.gateway.adapter.ws;

import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;

/**
 * Says what was wrong before the decoder's own close frame, which comes at once when a client breaks the WebSocket protocol
 * or declares a frame above the limit. Belongs before the decoder, where that close frame passes.
 */
final class Violations extends ChannelOutboundHandlerAdapter {
    private static final String ADVICE =
            "this is not the WebSocket protocol: a client masks its frames, uses known opcodes"
                    + " and no reserved bits, and sends control frames whole and of at most 125 bytes";

    private final ClientConnection connection;

    private Violations(ClientConnection connection) {
        this.connection = connection;
    }

    /** Adds it to the pipeline if that has a decoder. */
    static void install(ChannelPipeline pipeline, ClientConnection connection) {
        ChannelHandlerContext decoder = pipeline.context(WebSocket13FrameDecoder.class);
        if (decoder != null) {
            pipeline.addBefore(decoder.name(), "convene.violations", new Violations(connection));
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof CloseWebSocketFrame close && !connection.isClosing()) {
            boolean tooBig = close.statusCode() == CloseCode.TOO_BIG.number();
            CloseCode code = tooBig ? CloseCode.TOO_BIG : CloseCode.PROTOCOL_ERROR;
            connection.violated(
                    tooBig
                            ? new ConveneException(ErrorCode.FRAME_TOO_LARGE)
                            : new ConveneException(ErrorCode.BAD_FRAME, null, ADVICE),
                    code);
            close.release();
            super.write(context, new CloseWebSocketFrame(code.number(), code.reason()), promise);
        } else {
            super.write(context, message, promise);
        }
    }
}
