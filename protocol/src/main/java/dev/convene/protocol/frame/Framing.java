package dev.convene.protocol.frame;

import java.util.List;

/**
 * The bytes around and between pushes that are already encoded, so that a frame with several of them is put together
 * without encoding any of them again: prefix, push, separator, push, suffix.
 *
 * @param prefix before the first push
 * @param separator between two pushes; empty in CBOR
 * @param suffix after the last push
 */
public record Framing(byte[] prefix, byte[] separator, byte[] suffix) {

    /** The frame around these pushes, in their order. */
    public byte[] join(List<byte[]> pushes) {
        int length = sizeOf(0, 0);
        for (byte[] push : pushes) {
            length += push.length + separator.length;
        }
        byte[] frame = new byte[pushes.isEmpty() ? length : length - separator.length];
        int at = append(prefix, frame, 0);
        for (int i = 0; i < pushes.size(); i++) {
            at = i == 0 ? at : append(separator, frame, at);
            at = append(pushes.get(i), frame, at);
        }
        append(suffix, frame, at);
        return frame;
    }

    /** How long the frame around {@code count} pushes of together {@code bytes} bytes is. */
    public int sizeOf(int count, int bytes) {
        return prefix.length + bytes + Math.max(0, count - 1) * separator.length + suffix.length;
    }

    private static int append(byte[] from, byte[] to, int at) {
        System.arraycopy(from, 0, to, at, from.length);
        return at + from.length;
    }
}
