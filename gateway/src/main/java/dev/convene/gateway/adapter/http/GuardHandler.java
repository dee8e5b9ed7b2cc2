package dev.convene.gateway.adapter.http;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.HttpFault;
import dev.convene.protocol.frame.Problem;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every request of a connection before anything else sees it, WebSocket upgrades and unknown addresses too: what
 * is no HTTP and what a {@link RequestGuard} refuses gets its problem here, after the answers to the requests before it.
 * Then the connection is closed, since nobody knows where a next request would begin.
 */
public final class GuardHandler extends ChannelDuplexHandler {
    private static final long LINGER_MS = 1000;

    private final RequestGuard guard;
    private final FrameCodec codec;
    /** Requests that were let through and are not answered to their end. */
    private int unanswered;
    /** Whether the answer to the oldest of them has begun. */
    private boolean begun;
    /** Set once: nothing that comes after it is looked at. */
    private @Nullable Problem refusal;

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
        Problem problem = refusal == null && message instanceof HttpObject part ? problem(part) : null;
        if (problem == null && refusal == null) {
            unanswered += message instanceof HttpRequest ? 1 : 0;
            context.fireChannelRead(message);
            return;
        }
        ReferenceCountUtil.release(message);
        if (problem != null) {
            refusal = problem;
            boolean ofBody = !(message instanceof HttpRequest);
            if (unanswered == 0 || ofBody && unanswered == 1 && !begun) {
                refuse(context, problem);
            } else if (ofBody) {
                // Its answer has begun, or waits behind others.
                context.close();
            }
        }
    }

    private @Nullable Problem problem(HttpObject part) {
        if (part.decoderResult().isFailure()) {
            return switch (part.decoderResult().cause()) {
                case TooLongHttpLineException _ -> HttpFault.LINE_TOO_LONG.problem();
                case TooLongHttpHeaderException _ -> HttpFault.HEADERS_TOO_LARGE.problem();
                default -> HttpFault.SYNTAX.problem();
            };
        }
        return part instanceof HttpRequest request ? problem(request) : null;
    }

    private @Nullable Problem problem(HttpRequest request) {
        HttpHeaders headers = request.headers();
        HttpFault fault = HttpFault.of(
                request.protocolVersion().majorVersion(),
                request.uri(),
                headers.getAll(HttpHeaderNames.TRANSFER_ENCODING),
                headers.getAll(HttpHeaderNames.EXPECT));
        if (fault != null) {
            return fault.problem();
        }
        String reason = guard.refusal(
                request.uri(), headers.getAll(HttpHeaderNames.HOST), headers.getAll(HttpHeaderNames.ORIGIN));
        return reason == null ? null : Problem.of(new ConveneException(ErrorCode.FORBIDDEN, null, reason));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (refused) {
            // What is said of a request whose body was refused meanwhile.
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        begun |= message instanceof HttpResponse response
                && (response.status().codeClass() != HttpStatusClass.INFORMATIONAL
                        || response.status().code() == 101);
        boolean ended = begun && message instanceof LastHttpContent;
        super.write(context, message, promise);
        if (ended) {
            begun = false;
            unanswered--;
            if (refusal != null && unanswered == 0) {
                refuse(context, refusal);
            }
        }
    }

    /** What the client still sends is taken and dropped for a while: else the refusal would be lost with it. */
    private static void end(ChannelHandlerContext context) {
        if (context.channel() instanceof DuplexChannel channel && channel.isActive()) {
            channel.shutdownOutput();
            channel.eventLoop().schedule(() -> channel.close(), LINGER_MS, TimeUnit.MILLISECONDS);
        } else {
            context.close();
        }
    }

    private void refuse(ChannelHandlerContext context, Problem problem) {
        refused = true;
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(problem.status()),
                Unpooled.wrappedBuffer(codec.encodeProblem(problem)));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        context.writeAndFlush(response).addListener(_ -> end(context));
    }
}
