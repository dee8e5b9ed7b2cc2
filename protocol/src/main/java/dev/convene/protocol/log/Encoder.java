package dev.convene.protocol.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes the binary log form into a growing buffer, or piece by piece into a drain. Not thread-safe. */
public final class Encoder {
    /** Takes what was written. */
    @FunctionalInterface
    public interface Drain {
        /** Takes the next piece; what it throws comes out of the call that wrote. */
        void take(byte[] piece);
    }

    private final @Nullable Drain drain;
    private final int pieceBytes;
    private byte[] bytes;
    private int length;

    public Encoder() {
        this(128);
    }

    /** @param capacity first size of the buffer in bytes, at least 1 */
    public Encoder(int capacity) {
        bytes = new byte[Math.max(1, capacity)];
        drain = null;
        pieceBytes = Integer.MAX_VALUE;
    }

    private Encoder(int pieceBytes, Drain drain) {
        this.bytes = new byte[pieceBytes];
        this.drain = drain;
        this.pieceBytes = pieceBytes;
    }

    /**
     * Gives what it writes to a drain, so that the whole need not fit into memory. {@link #finish} gives the rest.
     *
     * @param pieceBytes size of all pieces but the last, at least 1
     */
    public static Encoder into(int pieceBytes, Drain drain) {
        return new Encoder(pieceBytes, drain);
    }

    /** Gives the last piece to the drain, which may be a short one, if there is anything left. */
    public void finish() {
        if (drain != null) {
            giveFullPieces(drain);
            if (length > 0) {
                drain.take(toBytes());
                length = 0;
            }
        }
    }

    private void giveFullPieces(Drain to) {
        int from = 0;
        for (; length - from >= pieceBytes; from += pieceBytes) {
            to.take(Arrays.copyOfRange(bytes, from, from + pieceBytes));
        }
        System.arraycopy(bytes, from, bytes, 0, length - from);
        length -= from;
    }

    /** One byte; the low eight bits of {@code value}. */
    public Encoder u8(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
        return this;
    }

    public Encoder flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** An unsigned varint of 1 to 10 bytes; negative values take 10. */
    public Encoder varlong(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    /** A varint of a number that is not negative. */
    public Encoder varint(int value) {
        return varlong(value & 0xFFFF_FFFFL);
    }

    /** A signed varint (zig-zag). */
    public Encoder zigzag(long value) {
        return varlong(value << 1 ^ value >> 63);
    }

    /** Eight bytes, big-endian. */
    public Encoder fixed64(long value) {
        reserve(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** A string with its length in UTF-8 bytes before it. */
    public Encoder string(String value) {
        int chars = value.length();
        reserve(5 + chars);
        int start = length;
        if (chars < 0x80) {
            // The common short ASCII name: one byte of length, no copy.
            int at = length + 1;
            for (int i = 0; i < chars; i++) {
                char c = value.charAt(i);
                if (c >= 0x80) {
                    length = start;
                    return bytes(value.getBytes(StandardCharsets.UTF_8));
                }
                bytes[at++] = (byte) c;
            }
            bytes[length] = (byte) chars;
            length = at;
            return this;
        }
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes with their count before them. */
    public Encoder bytes(byte[] value) {
        varint(value.length);
        return raw(value, 0, value.length);
    }

    /** Bytes alone; the reader must know how many. */
    public Encoder raw(byte[] value, int offset, int count) {
        reserve(count);
        System.arraycopy(value, offset, bytes, length, count);
        length += count;
        return this;
    }

    /** Bytes written so far and not given to a drain. */
    public int length() {
        return length;
    }

    /** A copy of what was written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** The buffer itself, valid up to {@link #length()} and until the next write. */
    public byte[] buffer() {
        return bytes;
    }

    /** Forgets what was written and keeps the buffer. */
    public Encoder reset() {
        length = 0;
        return this;
    }

    private void reserve(int more) {
        if (length >= pieceBytes && drain != null) {
            giveFullPieces(drain);
        }
        if (bytes.length - length < more) {
            int wanted = Math.addExact(length, more);
            bytes = Arrays.copyOf(bytes, Math.max(wanted, (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
        }
    }
}
