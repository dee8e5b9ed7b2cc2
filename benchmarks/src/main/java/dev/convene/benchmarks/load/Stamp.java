package dev.convene.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the body of every message begins with: when it was to be sent ({@link System#nanoTime()}) and a number, as digits
 * of fixed width. Sender and receivers are one process, so the clock is one.
 */
public final class Stamp {
    static final int TIME_DIGITS = 19;
    static final int NUMBER_DIGITS = 10;

    /** Bytes of a stamp; no body is shorter. */
    public static final int BYTES = TIME_DIGITS + NUMBER_DIGITS;

    private Stamp() {}

    /** A body of this size with an empty stamp: text that needs no escaping in JSON. */
    public static byte[] body(int bytes) {
        if (bytes < BYTES) {
            throw new IllegalArgumentException("a body has at least " + BYTES + " bytes, not " + bytes);
        }
        byte[] body = new byte[bytes];
        Arrays.fill(body, (byte) 'x');
        Arrays.fill(body, 0, BYTES, (byte) '0');
        return body;
    }

    /** Writes a stamp. */
    public static void write(byte[] to, int at, long timeNanos, long number) {
        digits(to, at, TIME_DIGITS, timeNanos);
        digits(to, at + TIME_DIGITS, NUMBER_DIGITS, number);
    }

    /** Whether a text looks as if it began with a stamp. */
    static boolean isAt(byte[] from, int at, int end) {
        return at + BYTES <= end && isDigit(from[at]) && isDigit(from[at + BYTES - 1]);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Reads the time. */
    public static long timeNanos(byte[] from, int at) {
        return number(from, at, at + TIME_DIGITS);
    }

    static void digits(byte[] to, int at, int count, long value) {
        long rest = value;
        for (int i = at + count - 1; i >= at; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    static long number(byte[] from, int begin, int end) {
        long value = 0;
        for (int i = begin; i < end; i++) {
            value = value * 10 + (from[i] - '0');
        }
        return value;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
