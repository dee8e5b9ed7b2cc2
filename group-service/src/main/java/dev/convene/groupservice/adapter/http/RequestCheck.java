package dev.convene.groupservice.adapter.http;

import dev.convene.protocol.frame.HttpFault;
import dev.convene.protocol.frame.Problem;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Before the server sees a request: one that is no HTTP gets problem details, where the server would only send a status. */
final class RequestCheck extends ChannelInboundHandlerAdapter {
    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        HttpFault fault = !refused && message instanceof HttpObject part ? fault(part) : null;
        if (fault != null) {
            refused = true;
            refuse(context, fault.problem());
        }
        if (refused) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    private static @Nullable HttpFault fault(HttpObject part) {
        if (part.decoderResult().isFailure()) {
            return switch (part.decoderResult().cause()) {
                case TooLongHttpLineException _ -> HttpFault.LINE_TOO_LONG;
                case TooLongHttpHeaderException _ -> HttpFault.HEADERS_TOO_LARGE;
                default -> HttpFault.SYNTAX;
            };
        }
        return part instanceof HttpRequest request
                ? HttpFault.of(
                        request.protocolVersion().majorVersion(),
                        request.uri(),
                        request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING),
                        request.headers().getAll(HttpHeaderNames.EXPECT))
                : null;
    }

    private static void refuse(ChannelHandlerContext context, Problem problem) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(problem.status()),
                Unpooled.wrappedBuffer(Refusals.encode(problem)));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
