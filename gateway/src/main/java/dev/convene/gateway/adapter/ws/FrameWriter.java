package dev.convene.gateway.adapter.ws;

import dev.convene.gateway.core.delivery.SessionQueue;
import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Framing;
import dev.convene.protocol.frame.ServerFrame;
import dev.convene.protocol.value.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on one connection: answers one by one, pushes as many in a frame as there are. All frames that one turn of the
 * event loop has written go to the socket together, as bytes: a frame that passes the pipeline by itself costs more than what is
 * in it. Only what is to be deflated passes as frames. Used on the event loop only.
 */
final class FrameWriter {
    /** Most pushes in a frame. */
    static final int BATCH_COUNT_MAX = 512;
    /** A frame takes no further push above this, in bytes as the queue counts them. */
    static final int BATCH_BYTES_MAX = 64 * 1024;
    /** Batches after which others on the event loop have their turn. */
    private static final int TURN_BATCHES_MAX = 8;

    private static final int TURN_BYTES = 4096;

    private final ChannelHandlerContext context;
    private final FrameCodec codec;
    private final WebSocketMetrics metrics;
    private final boolean deflating;
    private final List<SharedPush> taken = new ArrayList<>();
    /** Frames of this turn, as bytes; null when there are none. */
    private @Nullable ByteBuf turn;

    private boolean flushScheduled;
    private long lastWriteNanos;

    /** @param deflating whether frames are deflated on their way */
    FrameWriter(ChannelHandlerContext context, FrameCodec codec, WebSocketMetrics metrics, boolean deflating) {
        this.context = context;
        this.codec = codec;
        this.metrics = metrics;
        this.deflating = deflating;
        this.lastWriteNanos = context.executor().ticker().nanoTime();
    }

    /** When something was written last, in nanoseconds of the event loop's clock. */
    long lastWriteNanos() {
        return lastWriteNanos;
    }

    /** Bytes that were written and that the socket has not taken. */
    long bytesWaiting() {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        long here = turn == null ? 0 : turn.readableBytes();
        return here + (buffer == null ? 0 : buffer.totalPendingWriteBytes());
    }

    /** Writes one frame; it is flushed at the end of this turn. */
    void write(ServerFrame frame) {
        byte[] payload = codec.encode(frame);
        begin(payload.length).writeBytes(payload);
        end();
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
            if (count == 1) {
                byte[] payload = taken.getFirst().encoded(codec);
                begin(payload.length).writeBytes(payload);
            } else {
                batch();
            }
        } finally {
            taken.clear();
        }
        end();
        // Now, so that the socket's room is known before the next batch.
        hand();
        metrics.pushesSent(count);
        return true;
    }

    /** The encoded pushes, which all receivers share, copied once into what goes to the socket. */
    private void batch() {
        Framing framing = codec.batch();
        int size = framing.prefix().length + framing.suffix().length + framing.separator().length * (taken.size() - 1);
        for (SharedPush push : taken) {
            size += push.encoded(codec).length;
        }
        ByteBuf out = begin(size).writeBytes(framing.prefix());
        for (int i = 0; i < taken.size(); i++) {
            if (i > 0) {
                out.writeBytes(framing.separator());
            }
            out.writeBytes(taken.get(i).encoded(codec));
        }
        out.writeBytes(framing.suffix());
    }

    /** Begins a frame: its payload is written into what this returns, then comes {@link #end}. */
    private ByteBuf begin(int payloadBytes) {
        lastWriteNanos = context.executor().ticker().nanoTime();
        metrics.frameSent();
        ByteBuf out = turn;
        if (out == null) {
            out = context.alloc().ioBuffer(Math.max(deflating ? 0 : TURN_BYTES, payloadBytes + FrameHeader.BYTES_MAX));
            turn = out;
        }
        if (!deflating) {
            FrameHeader.write(out, codec.encoding(), payloadBytes);
        }
        return out;
    }

    private void end() {
        if (deflating || turn != null && turn.readableBytes() > BATCH_BYTES_MAX) {
            hand();
        }
    }

    /** Hands over what this turn has written so far. */
    private void hand() {
        ByteBuf written = turn;
        if (written == null) {
            return;
        }
        turn = null;
        Object message = !deflating
                ? written
                : codec.encoding() == Encoding.JSON
                        ? new TextWebSocketFrame(written)
                        : new BinaryWebSocketFrame(written);
        context.write(message, context.voidPromise());
    }

    /** Sends everything that was written. */
    void flush() {
        hand();
        context.flush();
    }

    /** Forgets what is not on its way yet. */
    void discard() {
        if (turn != null) {
            turn.release();
            turn = null;
        }
    }

    private void flushLater() {
        if (!flushScheduled) {
            flushScheduled = true;
            context.executor().execute(() -> {
                flushScheduled = false;
                flush();
            });
        }
    }
}
