package dev.convene.gateway.adapter.http;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Problem;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Applies a {@link RequestGuard} to every request of a connection, before anything else sees it: WebSocket upgrades, routes,
 * unknown addresses. After a refusal the connection is closed.
 */
public final class GuardHandler extends ChannelInboundHandlerAdapter {
    private final RequestGuard guard;
    private final FrameCodec codec;
    private boolean refused;

    /**
     * @param codec writes the problem
     */
    public GuardHandler(RequestGuard guard, FrameCodec codec) {
        this.guard = guard;
        this.codec = codec;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!refused && message instanceof HttpRequest request) {
            String reason = guard.refusal(
                    request.headers().getAll(HttpHeaderNames.HOST),
                    request.headers().getAll(HttpHeaderNames.ORIGIN));
            refused = reason != null;
            if (reason != null) {
                refuse(context, reason);
            }
        }
        if (refused) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    private void refuse(ChannelHandlerContext context, @Nullable String reason) {
        ConveneException refusal =
                new ConveneException(ErrorCode.FORBIDDEN, null, reason == null ? "not allowed" : reason);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.FORBIDDEN,
                Unpooled.wrappedBuffer(codec.encodeProblem(Problem.of(refusal))));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
