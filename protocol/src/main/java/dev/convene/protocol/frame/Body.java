package dev.convene.protocol.frame;

import dev.convene.protocol.Content;
import dev.convene.protocol.value.Encoding;
import dev.convene.protocol.value.Value;
import dev.convene.protocol.value.ValueReader;
import dev.convene.protocol.value.ValueWriter;
import dev.convene.protocol.value.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * What a message, or the presence of a member, carries: bytes and what they are. This is its form on the log; the bytes
 * reach every reader unchanged. Compared by content; the array is shared, not copied, and must not be changed.
 *
 * @param content what the bytes are
 * @param bytes UTF-8 text, any bytes, or compact JSON text as {@link ValueWriter} writes it: nothing else may be passed
 *     in, since JSON is spliced into frames as it is
 */
public record Body(Content content, byte[] bytes) {
    /** Deeper than any value in a frame, with its tags. */
    private static final int DEPTH_MAX = 128;

    static final Wire JSON = Wire.of(Encoding.JSON, DEPTH_MAX);

    /** A text body. */
    public static Body ofText(String text) {
        return new Body(Content.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A body of bytes; the array is not copied. */
    public static Body ofBytes(byte[] bytes) {
        return new Body(Content.BYTES, bytes);
    }

    /** The body that a value makes: text for a string, bytes for bytes, JSON for all else. */
    public static Body of(Value value) {
        return switch (value) {
            case Value.Str(String text) -> ofText(text);
            case Value.Bytes(byte[] bytes) -> ofBytes(bytes);
            default -> new Body(Content.JSON, ValueWriter.toBytes(JSON, value));
        };
    }

    /** The value that a reader sees. */
    public Value value() {
        return switch (content) {
            case TEXT -> new Value.Str(new String(bytes, StandardCharsets.UTF_8));
            case BYTES -> new Value.Bytes(bytes);
            case JSON -> ValueReader.parse(JSON, bytes);
        };
    }

    /** Its size as limits count it. */
    public int size() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Body that && content == that.content && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * content.number() + Arrays.hashCode(bytes);
    }

    /** The content and the bytes: text as it is, others in base 64. */
    @Override
    public String toString() {
        String text = content == Content.BYTES
                ? Base64.getEncoder().encodeToString(bytes)
                : new String(bytes, StandardCharsets.UTF_8);
        return "Body[" + content.wireName() + " " + text + "]";
    }
}
