package dev.convene.benchmarks.load;

import java.nio.charset.StandardCharsets;

/**
 * Finds in the JSON text of server frames what a benchmark needs, without parsing the rest. It relies on the order of
 * fields in which gateways write: {@code at} first, {@code body} after it.
 */
final class FrameScanner {
    private static final byte[] ID = Stamp.ascii("{\"id\":");
    private static final byte[] OK = Stamp.ascii(",\"ok\":");
    private static final byte[] BATCH = Stamp.ascii("{\"batch\":[");
    private static final byte[] MESSAGE = Stamp.ascii("{\"message\":{\"at\":\"");
    private static final byte[] BODY = Stamp.ascii("\"body\":\"");
    private static final byte[] PING = Stamp.ascii("{\"ping\":");
    private static final byte[] CLOSING = Stamp.ascii("{\"closing\":");

    /** What a frame turned out to be. */
    interface Found {
        void message(byte[] buffer, int at, int atLength, long dueNanos);

        void answer(long id, boolean ok, byte[] buffer, int begin, int end);

        void other(byte[] buffer, int begin, int end);

        void ping();

        void closing(String text);
    }

    private FrameScanner() {}

    static void scan(byte[] frame, int begin, int end, Found found) {
        if (startsWith(frame, begin, end, ID)) {
            answer(frame, begin, end, found);
        } else if (startsWith(frame, begin, end, BATCH)) {
            int i = begin + BATCH.length;
            while (frame[i] != ']') {
                i = push(frame, i, end, found);
                if (frame[i] == ',') {
                    i++;
                }
            }
        } else if (startsWith(frame, begin, end, PING)) {
            found.ping();
        } else if (startsWith(frame, begin, end, CLOSING)) {
            found.closing(new String(frame, begin, end - begin, StandardCharsets.UTF_8));
        } else {
            push(frame, begin, end, found);
        }
    }

    private static void answer(byte[] frame, int begin, int end, Found found) {
        int digits = begin + ID.length;
        int i = digits;
        while (frame[i] >= '0' && frame[i] <= '9') {
            i++;
        }
        found.answer(Stamp.number(frame, digits, i), startsWith(frame, i, end, OK), frame, begin, end);
    }

    /** Returns the index after the push. */
    private static int push(byte[] frame, int begin, int end, Found found) {
        if (startsWith(frame, begin, end, MESSAGE)) {
            int at = begin + MESSAGE.length;
            int atEnd = indexOf(frame, at, end, (byte) '"');
            int body = indexOf(frame, atEnd, end, BODY);
            int text = body + BODY.length;
            if (body >= 0 && Stamp.isAt(frame, text, end)) {
                found.message(frame, at, atEnd - at, Stamp.timeNanos(frame, text));
                return objectEnd(frame, indexOf(frame, text + Stamp.BYTES, end, (byte) '"') + 1, end, 2);
            }
        }
        int after = objectEnd(frame, begin, end, 0);
        found.other(frame, begin, after);
        return after;
    }

    /** The index after the bracket that closes the outermost of {@code depth} (or the next) open objects. */
    private static int objectEnd(byte[] frame, int begin, int end, int depth) {
        int open = depth;
        boolean text = false;
        for (int i = begin; i < end; i++) {
            byte b = frame[i];
            if (text) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    text = false;
                }
            } else if (b == '"') {
                text = true;
            } else if (b == '{' || b == '[') {
                open++;
            } else if ((b == '}' || b == ']') && --open == 0) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException(
                "not a frame of a gateway: " + new String(frame, begin, end - begin, StandardCharsets.UTF_8));
    }

    private static int indexOf(byte[] frame, int begin, int end, byte wanted) {
        for (int i = begin; i < end; i++) {
            if (frame[i] == wanted) {
                return i;
            }
        }
        return end;
    }

    private static int indexOf(byte[] frame, int begin, int end, byte[] wanted) {
        for (int i = begin; i <= end - wanted.length; i++) {
            if (frame[i] == wanted[0] && startsWith(frame, i, end, wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] frame, int begin, int end, byte[] wanted) {
        if (end - begin < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (frame[begin + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
