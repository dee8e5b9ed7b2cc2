package dev.convene.protocol.frame;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.value.Value;
import dev.convene.protocol.value.ValueWriter;
import dev.convene.protocol.value.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Compact JSON in UTF-8, written by hand: a gateway writes an answer and a push for every message, and a generator costs more
 * than what it writes. Escapes what has to be escaped and nothing else.
 */
final class JsonOutput implements FieldOutput {
    private static final int INITIAL_BYTES = 512;
    private static final int ESCAPE_BYTES_MAX = 6;
    private static final int LONG_DIGITS_MAX = 20;
    private static final byte[] HEX = ascii("0123456789ABCDEF");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] BYTES = ascii("{\"$bytes\":\"");
    /** By byte: 0 if it stands for itself, 'u' if it has no short escape, else what follows the backslash. */
    private static final byte[] ESCAPES = new byte[256];

    static {
        Arrays.fill(ESCAPES, 0, ' ', (byte) 'u');
        ESCAPES['"'] = '"';
        ESCAPES['\\'] = '\\';
        ESCAPES['\b'] = 'b';
        ESCAPES['\t'] = 't';
        ESCAPES['\n'] = 'n';
        ESCAPES['\f'] = 'f';
        ESCAPES['\r'] = 'r';
    }

    private final Wire wire;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    /** @param wire bounds the values that are written */
    JsonOutput(Wire wire) {
        this.wire = wire;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public void startMap() {
        separate(1);
        put('{');
    }

    @Override
    public void endMap() {
        reserve(1);
        put('}');
    }

    @Override
    public void startList(int size) {
        separate(1);
        put('[');
    }

    @Override
    public void endList() {
        reserve(1);
        put(']');
    }

    @Override
    public void name(String name) {
        text(name);
        reserve(1);
        put(':');
    }

    @Override
    public void text(String value) {
        int count = value.length();
        separate(count * ESCAPE_BYTES_MAX + 2);
        put('"');
        for (int i = 0; i < count; i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                character((byte) c);
            } else {
                i += beyondAscii(value, i);
            }
        }
        put('"');
    }

    /** Writes the code point at {@code i} and returns by how much it is longer than one unit. */
    private int beyondAscii(String value, int i) {
        int c = value.codePointAt(i);
        if (c < 0x800) {
            put(0xc0 | c >> 6);
        } else if (c < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw new ConveneException(ErrorCode.BAD_VALUE, null, "this cannot be written: a lone surrogate");
            }
            put(0xe0 | c >> 12);
            put(0x80 | c >> 6 & 0x3f);
        } else {
            put(0xf0 | c >> 18);
            put(0x80 | c >> 12 & 0x3f);
            put(0x80 | c >> 6 & 0x3f);
        }
        put(0x80 | c & 0x3f);
        return Character.charCount(c) - 1;
    }

    /** Writes a byte of a string; there is room for its escape. */
    private void character(byte b) {
        byte escape = ESCAPES[b & 0xff];
        if (escape == 0) {
            bytes[length++] = b;
            return;
        }
        put('\\');
        put(escape);
        if (escape == 'u') {
            put('0');
            put('0');
            put(HEX[b >> 4]);
            put(HEX[b & 0xf]);
        }
    }

    @Override
    public void integer(long value) {
        separate(LONG_DIGITS_MAX);
        if (value == Long.MIN_VALUE) {
            raw(ascii(Long.toString(value)));
            return;
        }
        long rest = Math.abs(value);
        int end = length + (value < 0 ? 1 : 0) + digits(rest);
        if (value < 0) {
            put('-');
        }
        for (int i = end - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length = end;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    @Override
    public void flag(boolean value) {
        separate(0);
        raw(value ? TRUE : FALSE);
    }

    @Override
    public void body(Body body) {
        separate(0);
        switch (body.content()) {
            case TEXT -> utf8(body.bytes());
            case JSON -> raw(body.bytes());
            case BYTES -> {
                raw(BYTES);
                raw(Base64.getEncoder().encode(body.bytes()));
                reserve(2);
                put('"');
                put('}');
            }
        }
    }

    /** Writes UTF-8 as a string: stretches without an escape as they are. */
    private void utf8(byte[] text) {
        reserve(text.length + 2);
        put('"');
        int from = 0;
        for (int i = 0; i < text.length; i++) {
            if (ESCAPES[text[i] & 0xff] != 0) {
                raw(text, from, i);
                reserve(ESCAPE_BYTES_MAX);
                character(text[i]);
                from = i + 1;
            }
        }
        raw(text, from, text.length);
        reserve(1);
        put('"');
    }

    @Override
    public void value(Value value) {
        separate(0);
        raw(ValueWriter.toBytes(wire, value));
    }

    /** A comma, unless nothing stands before in this map or list; then there is room for this many bytes. */
    private void separate(int more) {
        reserve(more + 1);
        byte last = length == 0 ? (byte) '[' : bytes[length - 1];
        if (last != '{' && last != '[' && last != ':') {
            put(',');
        }
    }

    private void put(int b) {
        bytes[length++] = (byte) b;
    }

    private void raw(byte[] text) {
        raw(text, 0, text.length);
    }

    private void raw(byte[] text, int from, int to) {
        reserve(to - from);
        System.arraycopy(text, from, bytes, length, to - from);
        length += to - from;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, more)));
        }
    }
}
