package dev.convene.gateway.adapter.ws;

import dev.convene.protocol.value.Encoding;
import io.netty.buffer.ByteBuf;

/** What stands before the payload of an unmasked, final frame of RFC 6455. */
final class FrameHeader {
    /** Longest header, in bytes. */
    static final int BYTES_MAX = 10;

    private static final int FINAL_TEXT = 0x81;
    private static final int FINAL_BINARY = 0x82;
    private static final int SHORT_MAX = 125;
    private static final int TWO_BYTES = 126;
    private static final int TWO_BYTES_MAX = 0xffff;
    private static final int EIGHT_BYTES = 127;

    private FrameHeader() {}

    static void write(ByteBuf out, Encoding encoding, int payloadBytes) {
        out.writeByte(encoding == Encoding.JSON ? FINAL_TEXT : FINAL_BINARY);
        if (payloadBytes <= SHORT_MAX) {
            out.writeByte(payloadBytes);
        } else if (payloadBytes <= TWO_BYTES_MAX) {
            out.writeByte(TWO_BYTES).writeShort(payloadBytes);
        } else {
            out.writeByte(EIGHT_BYTES).writeLong(payloadBytes);
        }
    }
}
