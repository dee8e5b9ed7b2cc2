package dev.convene.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Frames of RFC 6455 as a client sends them, masked with zero. */
final class WebSocketFrames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int MASK_BYTES = 4;
    private static final int SHORT_MAX = 125;
    private static final int TWO_BYTES = 126;
    private static final int TWO_BYTES_MAX = 0xffff;

    private WebSocketFrames() {}

    static byte[] text(String text) {
        return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] frame(int opcode, byte[] payload) {
        if (payload.length > TWO_BYTES_MAX) {
            throw new IllegalArgumentException("longer than a benchmark sends: " + payload.length);
        }
        int length = payload.length > SHORT_MAX ? 2 : 0;
        byte[] frame = new byte[2 + length + MASK_BYTES + payload.length];
        frame[0] = (byte) (FINAL | opcode);
        if (length == 0) {
            frame[1] = (byte) (MASKED | payload.length);
        } else {
            frame[1] = (byte) (MASKED | TWO_BYTES);
            frame[2] = (byte) (payload.length >> 8);
            frame[3] = (byte) payload.length;
        }
        System.arraycopy(payload, 0, frame, frame.length - payload.length, payload.length);
        return frame;
    }

    /** Takes the whole frames out of bytes that a server sent. */
    interface Taker {
        void frame(int opcode, boolean last, byte[] buffer, int begin, int end);
    }

    /** Hands over every whole frame and returns where the first unfinished one begins. */
    static int take(byte[] buffer, int begin, int end, Taker taker) {
        int at = begin;
        while (end - at >= 2) {
            int length = buffer[at + 1] & 0x7f;
            int header = 2;
            if (length == TWO_BYTES) {
                header = 4;
            } else if (length > TWO_BYTES) {
                header = 10;
            }
            if (end - at < header) {
                break;
            }
            if (header > 2) {
                length = 0;
                for (int i = at + 2; i < at + header; i++) {
                    length = length << 8 | buffer[i] & 0xff;
                }
            }
            if (end - at - header < length) {
                break;
            }
            int payload = at + header;
            taker.frame(buffer[at] & 0x0f, (buffer[at] & FINAL) != 0, buffer, payload, payload + length);
            at = payload + length;
        }
        return at;
    }

    static ByteBuf wrap(ByteBufAllocator allocator, byte[] frame) {
        return allocator.buffer(frame.length).writeBytes(frame);
    }
}
