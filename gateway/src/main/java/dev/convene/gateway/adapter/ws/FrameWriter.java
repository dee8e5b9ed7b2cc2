package dev.convene.gateway.adapter.ws;

import dev.convene.gateway.core.delivery.SessionQueue;
import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Framing;
import dev.convene.protocol.frame.ServerFrame;
import dev.convene.protocol.value.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes out on one connection: answers one by one, pushes as many in a frame as there are, one flush for all that one
 * turn of the event loop has written. Used on the event loop only.
 */
final class FrameWriter {
    /** Most pushes in a frame. */
    static final int BATCH_COUNT_MAX = 512;
    /** A frame takes no further push above this, in bytes as the queue counts them. */
    static final int BATCH_BYTES_MAX = 64 * 1024;
    /** Batches after which others on the event loop have their turn. */
    private static final int TURN_BATCHES_MAX = 8;

    private final ChannelHandlerContext context;
    private final FrameCodec codec;
    private final WebSocketMetrics metrics;
    private final List<SharedPush> taken = new ArrayList<>();
    private boolean flushScheduled;
    private long lastWriteNanos;

    FrameWriter(ChannelHandlerContext context, FrameCodec codec, WebSocketMetrics metrics) {
        this.context = context;
        this.codec = codec;
        this.metrics = metrics;
        this.lastWriteNanos = context.executor().ticker().nanoTime();
    }

    /** When something was written last, in nanoseconds of the event loop's clock. */
    long lastWriteNanos() {
        return lastWriteNanos;
    }

    /** Bytes that were written and that the socket has not taken. */
    long bytesWaiting() {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /** Writes one frame; it is flushed at the end of this turn. */
    void write(ServerFrame frame) {
        write(Unpooled.wrappedBuffer(codec.encode(frame)));
        flushLater();
    }

    /**
     * Writes what waits for the session's reader for as long as the socket takes it.
     *
     * @return whether there may be more that the socket would take: call again, later
     */
    boolean drain(SessionQueue queue) {
        Channel channel = context.channel();
        int batches = 0;
        while (batches < TURN_BATCHES_MAX && channel.isWritable() && writeBatch(queue)) {
            batches++;
        }
        if (batches > 0) {
            context.flush();
        }
        return batches == TURN_BATCHES_MAX && channel.isWritable();
    }

    private boolean writeBatch(SessionQueue queue) {
        int count = queue.poll(BATCH_COUNT_MAX, BATCH_BYTES_MAX, taken);
        if (count == 0) {
            return false;
        }
        try {
            write(count == 1 ? Unpooled.wrappedBuffer(taken.getFirst().encoded(codec)) : batch());
        } finally {
            taken.clear();
        }
        metrics.pushesSent(count);
        return true;
    }

    /** The encoded pushes, which all receivers share, copied once into the frame that goes to the socket. */
    private ByteBuf batch() {
        Framing framing = codec.batch();
        int size = framing.prefix().length + framing.suffix().length + framing.separator().length * taken.size();
        for (SharedPush push : taken) {
            size += push.encoded(codec).length;
        }
        ByteBuf frame = context.alloc().ioBuffer(size);
        frame.writeBytes(framing.prefix());
        for (int i = 0; i < taken.size(); i++) {
            if (i > 0) {
                frame.writeBytes(framing.separator());
            }
            frame.writeBytes(taken.get(i).encoded(codec));
        }
        return frame.writeBytes(framing.suffix());
    }

    private void write(ByteBuf content) {
        lastWriteNanos = context.executor().ticker().nanoTime();
        metrics.frameSent();
        context.write(
                codec.encoding() == Encoding.JSON ? new TextWebSocketFrame(content) : new BinaryWebSocketFrame(content),
                context.voidPromise());
    }

    private void flushLater() {
        if (!flushScheduled) {
            flushScheduled = true;
            context.executor().execute(() -> {
                flushScheduled = false;
                context.flush();
            });
        }
    }
}
