package dev.convene.protocol.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Reads the binary log form from a slice of bytes, or from pieces of any total length. Every length is checked against what is left before anything is
 * allocated; a slice that ends early or holds an impossible length gives {@link MalformedRecordException}. Not
 * thread-safe.
 */
public final class Decoder {
    private byte[] bytes;
    private int end;
    private int at;
    /** What follows {@link #bytes}, piece by piece; null if nothing does. */
    private final @Nullable Queue<byte[]> pieces;
    /** How many bytes the pieces have. */
    private long inPieces;

    public Decoder(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public Decoder(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
        this.pieces = null;
    }

    private Decoder(Queue<byte[]> pieces, long length) {
        this.bytes = new byte[0];
        this.pieces = pieces;
        this.inPieces = length;
    }

    /**
     * Reads pieces as if they were one; together they may have more bytes than an array can hold.
     *
     * @param pieces are taken from the queue one by one, so that what was read needs no memory
     */
    public static Decoder over(Queue<byte[]> pieces) {
        return new Decoder(
                pieces, pieces.stream().mapToLong(piece -> piece.length).sum());
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
        need(length);
        String value = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return value;
    }

    public byte[] bytes() {
        int length = count(1);
        need(length);
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

    /** Bytes that are left, in all pieces. */
    public long remaining() {
        return end - at + inPieces;
    }

    private void need(int count) {
        if (count < 0 || end - at < count) {
            fetch(count);
        }
    }

    /** Brings so many bytes together from the next pieces. */
    private void fetch(int count) {
        if (count < 0 || remaining() < count || pieces == null) {
            throw new MalformedRecordException(
                    "the record ends early: " + count + " bytes wanted, " + remaining() + " left");
        }
        while (end - at < count) {
            byte[] next = pieces.remove();
            inPieces -= next.length;
            append(next, count);
        }
    }

    private void append(byte[] next, int wanted) {
        int rest = end - at;
        if (rest == 0) {
            bytes = next;
            end = next.length;
        } else {
            // Room for all that is wanted at once: a value over many pieces is not copied for each of them.
            byte[] joined = at == 0 && bytes.length - end >= next.length
                    ? bytes
                    : Arrays.copyOf(Arrays.copyOfRange(bytes, at, end), Math.max(rest + next.length, wanted));
            System.arraycopy(next, 0, joined, rest, next.length);
            bytes = joined;
            end = rest + next.length;
        }
        at = 0;
    }
}
