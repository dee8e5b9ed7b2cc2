package dev.convene.protocol.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the binary log form from a slice of bytes. Every length is checked against what is left before anything is
 * allocated; a slice that ends early or holds an impossible length gives {@link MalformedRecordException}. Not
 * thread-safe.
 */
public final class Decoder {
    private final byte[] bytes;
    private final int end;
    private int at;

    public Decoder(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public Decoder(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    public int u8() {
        need(1);
        return bytes[at++] & 0xFF;
    }

    public boolean flag() {
        int value = u8();
        if (value > 1) {
            throw new MalformedRecordException("a flag is 0 or 1, not " + value);
        }
        return value == 1;
    }

    public long varlong() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7F) << shift;
            if ((b & 0x80) == 0) {
                return value;
            }
        }
        throw new MalformedRecordException("a varint is longer than 10 bytes");
    }

    /** A varint from 0 to {@link Integer#MAX_VALUE}. */
    public int varint() {
        long value = varlong();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new MalformedRecordException("not an int: " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    public long zigzag() {
        long value = varlong();
        return value >>> 1 ^ -(value & 1);
    }

    public long fixed64() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | bytes[at++] & 0xFF;
        }
        return value;
    }

    /** A count of things that take at least {@code bytesEach} bytes each: refused if so many cannot follow. */
    public int count(int bytesEach) {
        int count = varint();
        if ((long) count * bytesEach > remaining()) {
            throw new MalformedRecordException("a count of " + count + " with " + remaining() + " bytes left");
        }
        return count;
    }

    public String string() {
        int length = count(1);
        String value = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return value;
    }

    public byte[] bytes() {
        int length = count(1);
        byte[] value = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return value;
    }

    /** The next {@code length} bytes as a decoder of their own. */
    public Decoder slice(int length) {
        need(length);
        Decoder slice = new Decoder(bytes, at, length);
        at += length;
        return slice;
    }

    public int remaining() {
        return end - at;
    }

    private void need(int count) {
        if (count < 0 || end - at < count) {
            throw new MalformedRecordException(
                    "the record ends early: " + count + " bytes wanted, " + remaining() + " left");
        }
    }
}
