package dev.convene.protocol.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Strict UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF. Parsers are lenient about some of it,
 * so what comes from outside is checked before it is parsed.
 */
final class Utf8 {
    /** What {@link #firstBad} and {@link #firstBadJson} return when all is well. */
    static final int VALID = -1;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;

    private Utf8() {}

    /** The index of the first byte of {@code [from, to)} that cannot stand there, or {@link #VALID}. */
    static int firstBad(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (i + Long.BYTES <= to && ((long) WORD.get(bytes, i) & HIGH_BITS) == 0) {
                i += Long.BYTES;
            } else if (bytes[i] >= 0) {
                i++;
            } else {
                int length = sequenceLength(bytes, i, to);
                if (length == 0) {
                    return i;
                }
                i += length;
            }
        }
        return VALID;
    }

    /**
     * The same for the text of a JSON document, where an escape must not make a lone surrogate either. Escapes that are
     * wrong in another way are left to the parser.
     */
    static int firstBadJson(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (i + Long.BYTES <= to && isPlain((long) WORD.get(bytes, i))) {
                i += Long.BYTES;
                continue;
            }
            byte b = bytes[i];
            if (b == '\\') {
                int length = escapeLength(bytes, i, to);
                if (length == 0) {
                    return i;
                }
                i += length;
            } else if (b >= 0) {
                i++;
            } else {
                int length = sequenceLength(bytes, i, to);
                if (length == 0) {
                    return i;
                }
                i += length;
            }
        }
        return VALID;
    }

    private static boolean isPlain(long word) {
        long difference = word ^ BACKSLASHES;
        long backslash = (difference - LOW_BITS) & ~difference;
        return ((word | backslash) & HIGH_BITS) == 0;
    }

    /** Length of the escape at {@code i}, both halves of a surrogate pair together; 0 for a lone surrogate. */
    private static int escapeLength(byte[] bytes, int i, int to) {
        int unit = escapedUnit(bytes, i, to);
        if (unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) {
            return unit < 0 ? 2 : 6;
        }
        if (unit >= Character.MIN_LOW_SURROGATE) {
            return 0;
        }
        int second = escapedUnit(bytes, i + 6, to);
        return second >= Character.MIN_LOW_SURROGATE && second <= Character.MAX_LOW_SURROGATE ? 12 : 0;
    }

    /** The UTF-16 unit that {@code \\uXXXX} at {@code i} stands for, or -1 if there is no such escape. */
    private static int escapedUnit(byte[] bytes, int i, int to) {
        if (i + 6 > to || bytes[i] != '\\' || bytes[i + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int k = i + 2; k < i + 6; k++) {
            int digit = Character.digit(bytes[k], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    /** Length of the sequence of several bytes at {@code i}; 0 if it is not well-formed (Unicode, table 3-7). */
    private static int sequenceLength(byte[] bytes, int i, int to) {
        int first = bytes[i] & 0xff;
        int length = first >= 0xc2 && first <= 0xdf
                ? 2
                : (first & 0xf0) == 0xe0 ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
        if (length == 0 || i + length > to) {
            return 0;
        }
        int second = bytes[i + 1] & 0xff;
        int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return 0;
        }
        for (int k = i + 2; k < i + length; k++) {
            if ((bytes[k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
