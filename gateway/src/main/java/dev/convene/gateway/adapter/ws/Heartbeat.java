package dev.convene.gateway.adapter.ws;

import dev.convene.protocol.CloseCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.ServerFrame;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the peer lives and lets it find out the same. A client that is silent is sent a WebSocket ping, which
 * its library answers by itself; a client that has heard nothing is sent a {@code ping} frame, since programs in browsers
 * do not see the other kind. Used on the event loop only; its clock is the event loop's.
 */
final class Heartbeat {
    /** A frame, or a message in fragments, has come whole after this time. */
    static final long UNFINISHED_MAX_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final ChannelHandlerContext context;
    private final ClientConnection connection;
    private final FrameWriter writer;
    private final long heartbeatNanos;
    private final long silenceNanos;
    private final long connectDeadline;
    private java.util.concurrent.@Nullable ScheduledFuture<?> next;
    private long heardAt;
    private long probedAt;

    Heartbeat(
            ChannelHandlerContext context,
            ClientConnection connection,
            FrameWriter writer,
            Limits limits,
            long connectTimeoutNanos) {
        this.context = context;
        this.connection = connection;
        this.writer = writer;
        this.heartbeatNanos = TimeUnit.MILLISECONDS.toNanos(limits.heartbeatMs());
        this.silenceNanos = TimeUnit.MILLISECONDS.toNanos(limits.silenceMs());
        this.heardAt = now();
        this.probedAt = heardAt;
        this.connectDeadline = heardAt + connectTimeoutNanos;
        schedule(heardAt);
    }

    /** A frame of the client, of any kind, has come. */
    void heard() {
        heardAt = now();
    }

    void stop() {
        if (next != null) {
            next.cancel(false);
        }
    }

    private void check() {
        long now = now();
        if (connection.isNew() && now - connectDeadline >= 0) {
            connection.close(CloseCode.CONNECT_TIMEOUT);
        } else if (connection.hasUnfinished(UNFINISHED_MAX_NANOS)) {
            connection.close(CloseCode.BAD_FRAME);
        } else if (now - heardAt >= silenceNanos) {
            // While the socket takes nothing its frames are not read either, so it may well have sent some.
            connection.close(context.channel().isWritable() ? CloseCode.NO_PONG : CloseCode.SLOW_READER);
        } else {
            if (now - Math.max(heardAt, probedAt) >= heartbeatNanos) {
                probedAt = now;
                context.writeAndFlush(new PingWebSocketFrame());
            }
            if (connection.isConnected() && now - writer.lastWriteNanos() >= heartbeatNanos) {
                writer.write(new ServerFrame.Heartbeat());
            }
            schedule(now);
        }
    }

    /** The next moment at which anything could be due if nothing happens until then. */
    private void schedule(long now) {
        long due = Math.min(heardAt + silenceNanos, Math.max(heardAt, probedAt) + heartbeatNanos);
        if (connection.isConnected()) {
            due = Math.min(due, writer.lastWriteNanos() + heartbeatNanos);
        } else if (connection.isNew()) {
            due = Math.min(due, connectDeadline);
        }
        next = context.executor().schedule(this::check, Math.max(0, due - now), TimeUnit.NANOSECONDS);
    }

    private long now() {
        return context.executor().ticker().nanoTime();
    }
}
