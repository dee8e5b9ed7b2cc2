package dev.convene.systemtests.raw;

import java.nio.charset.StandardCharsets;

/** Reads the binary form as the guide describes it. */
final class Bytes {
    private final byte[] bytes;
    private int next;

    Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    int u8() {
        return bytes[next++] & 0xFF;
    }

    /** Seven bits a byte, the lowest first; the highest bit says that more come. */
    long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int one = u8();
            value |= (long) (one & 0x7F) << shift;
            if (one < 0x80) {
                return value;
            }
        }
        throw new IllegalArgumentException("a varint of more than ten bytes");
    }

    byte[] bytes() {
        byte[] value = new byte[(int) varint()];
        System.arraycopy(bytes, next, value, 0, value.length);
        next += value.length;
        return value;
    }

    String string() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }
}
