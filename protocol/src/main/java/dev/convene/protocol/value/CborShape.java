package dev.convene.protocol.value;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;

/**
 * Checks the shape of one CBOR item before anything is parsed: every declared length fits into the bytes that are there,
 * nesting is bounded, keys are short text, text is UTF-8, and there are no tags, no undefined and no bytes after the
 * item. One pass, no recursion, memory bounded by the depth.
 */
final class CborShape {
    private static final int BREAK = 0xff;
    private static final long INDEFINITE = -1;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final int nameLengthMax;
    /** Items that are still to come per open container, or {@link #INDEFINITE}. */
    private final long[] left;

    private final boolean[] isMap;
    private final boolean[] keyIsNext;
    private int depth;
    private int at;

    private CborShape(byte[] bytes, int offset, int length, int depthMax, int nameLengthMax) {
        this.bytes = bytes;
        this.start = offset;
        this.at = offset;
        this.end = offset + length;
        this.nameLengthMax = nameLengthMax;
        this.left = new long[depthMax + 1];
        this.isMap = new boolean[depthMax + 1];
        this.keyIsNext = new boolean[depthMax + 1];
    }

    /** Returns when the bytes are exactly one well-shaped item. */
    static void check(byte[] bytes, int offset, int length, int depthMax, int nameLengthMax) {
        CborShape shape = new CborShape(bytes, offset, length, depthMax, nameLengthMax);
        do {
            shape.item();
        } while (shape.depth > 0);
        if (shape.at != shape.end) {
            throw shape.bad("bytes after the end");
        }
    }

    private void item() {
        int initial = next();
        if (initial == BREAK) {
            if (depth == 0 || left[depth] != INDEFINITE || isMap[depth] && !keyIsNext[depth]) {
                throw bad("a break that ends nothing");
            }
            depth--;
            completed();
            return;
        }
        int major = initial >> 5;
        int info = initial & 0x1f;
        boolean key = depth > 0 && isMap[depth] && keyIsNext[depth];
        if (key && (major != 3 || info == 31)) {
            throw bad("keys are text of definite length");
        }
        switch (major) {
            case 0, 1 -> {
                argument(info);
                completed();
            }
            case 2, 3 -> {
                string(major, info, key);
                completed();
            }
            case 4, 5 -> container(major == 5, info);
            case 7 -> {
                simple(info);
                completed();
            }
            default -> throw bad("tags are not used");
        }
    }

    private void string(int major, int info, boolean key) {
        if (info != 31) {
            chunk(major, argument(info), key ? nameLengthMax : Integer.MAX_VALUE);
            return;
        }
        for (int initial = next(); initial != BREAK; initial = next()) {
            if (initial >> 5 != major || (initial & 0x1f) == 31) {
                throw bad("a string holds chunks of its own kind only");
            }
            chunk(major, argument(initial & 0x1f), Integer.MAX_VALUE);
        }
    }

    private void chunk(int major, long length, int lengthMax) {
        if (length < 0 || length > end - at) {
            throw bad("a string longer than the frame");
        }
        if (length > lengthMax) {
            throw bad("a key longer than " + lengthMax + " bytes");
        }
        int from = at;
        at += (int) length;
        if (major == 3 && Utf8.firstBad(bytes, from, at) != Utf8.VALID) {
            throw bad("text that is not UTF-8");
        }
    }

    private void container(boolean map, int info) {
        if (depth + 1 >= left.length) {
            throw new ConveneException(ErrorCode.FRAME_TOO_DEEP, null, ErrorCode.FRAME_TOO_DEEP.advice());
        }
        boolean indefinite = info == 31;
        long count = indefinite ? 0 : argument(info);
        // Every item takes a byte at least, so a count above what is left can only be a lie.
        if (count < 0 || count > (map ? (end - at) / 2 : end - at)) {
            throw bad("more items than the frame can hold");
        }
        if (count == 0 && !indefinite) {
            completed();
            return;
        }
        depth++;
        left[depth] = indefinite ? INDEFINITE : map ? 2 * count : count;
        isMap[depth] = map;
        keyIsNext[depth] = map;
    }

    private void simple(int info) {
        switch (info) {
            case 20, 21, 22 -> {}
            case 25, 26, 27 -> argument(info);
            default -> throw bad("only false, true, null and floating point numbers are used of the simple values");
        }
    }

    /** An item is complete: the containers that it was the last item of are complete as well. */
    private void completed() {
        while (depth > 0) {
            keyIsNext[depth] = isMap[depth] && !keyIsNext[depth];
            if (left[depth] == INDEFINITE || --left[depth] > 0) {
                return;
            }
            depth--;
        }
    }

    private long argument(int info) {
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            throw bad("a reserved or misplaced length");
        }
        int size = 1 << (info - 24);
        if (size > end - at) {
            throw bad("the end is missing");
        }
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | (bytes[at++] & 0xff);
        }
        return value;
    }

    private int next() {
        if (at >= end) {
            throw bad("the end is missing");
        }
        return bytes[at++] & 0xff;
    }

    private ConveneException bad(String what) {
        return new ConveneException(
                ErrorCode.BAD_FRAME,
                null,
                "the frame is not CBOR as Convene uses it: " + what + " (byte " + (at - start) + ")");
    }
}
