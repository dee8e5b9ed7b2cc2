package dev.convene.protocol.value;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Excerpt;
import java.io.OutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.dataformat.cbor.CBORFactory;

/**
 * Parsers and generators of one encoding, bounded: depth, length of names and numbers, strict UTF-8, no duplicate keys.
 * Thread-safe; its parsers and generators are not.
 */
public final class Wire {
    /** Longest key of a map, in bytes. */
    public static final int NAME_BYTES_MAX = 1024;
    /** Longest number in JSON, in digits and signs; enough for every double written out in full. */
    public static final int NUMBER_LENGTH_MAX = 400;

    private static final int PATH_LENGTH_MAX = 160;

    private final Encoding encoding;
    private final int depthMax;
    private final TokenStreamFactory factory;

    private Wire(Encoding encoding, int depthMax) {
        this.encoding = encoding;
        this.depthMax = depthMax;
        StreamReadConstraints readConstraints = StreamReadConstraints.builder()
                .maxNestingDepth(depthMax)
                .maxNameLength(NAME_BYTES_MAX)
                .maxNumberLength(NUMBER_LENGTH_MAX)
                .maxStringLength(Integer.MAX_VALUE)
                .build();
        StreamWriteConstraints writeConstraints = StreamWriteConstraints.builder()
                .maxNestingDepth(2 * depthMax + 16)
                .build();
        this.factory = switch (encoding) {
            case JSON ->
                JsonFactory.builder()
                        .recyclerPool(JsonRecyclerPools.threadLocalPool())
                        .streamReadConstraints(readConstraints)
                        .streamWriteConstraints(writeConstraints)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                        .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                        .build();
            case CBOR ->
                CBORFactory.builder()
                        .recyclerPool(JsonRecyclerPools.threadLocalPool())
                        .streamReadConstraints(readConstraints)
                        .streamWriteConstraints(writeConstraints)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                        .build();
        };
    }

    /** The factory of an encoding whose documents are at most {@code depthMax} deep. */
    public static Wire of(Encoding encoding, int depthMax) {
        return new Wire(encoding, depthMax);
    }

    /** The encoding of this factory. */
    public Encoding encoding() {
        return encoding;
    }

    /**
     * A parser before the first token of one document. What cannot be the document as a whole (no UTF-8, lengths that lie)
     * is refused here; what the parser throws later is for {@link #refusal}.
     */
    public JsonParser parser(byte[] bytes, int offset, int length) {
        if (encoding == Encoding.CBOR) {
            CborShape.check(bytes, offset, length, depthMax, NAME_BYTES_MAX);
        } else {
            checkText(bytes, offset, length);
        }
        return factory.createParser(ObjectReadContext.empty(), bytes, offset, length);
    }

    /** A generator onto {@code out}, which is not closed with it. */
    public JsonGenerator generator(OutputStream out) {
        return factory.createGenerator(ObjectWriteContext.empty(), out);
    }

    private static void checkText(byte[] bytes, int offset, int length) {
        int bad = Utf8.firstBadJson(bytes, offset, offset + length);
        if (bad != Utf8.VALID) {
            String what = bytes[bad] == '\\' ? "an escaped lone surrogate" : "not UTF-8";
            throw new ConveneException(
                    ErrorCode.BAD_FRAME, null, "the frame is not JSON text: " + what + " at byte " + (bad - offset));
        }
        // The parser would take these for signs of UTF-16 or UTF-32.
        boolean mark = length >= 3 && bytes[offset] == (byte) 0xef && bytes[offset + 1] == (byte) 0xbb;
        for (int i = offset; i < offset + Math.min(length, 4); i++) {
            if (bytes[i] == 0 || mark && bytes[offset + 2] == (byte) 0xbf) {
                throw new ConveneException(
                        ErrorCode.BAD_FRAME, null, "the frame is UTF-8 without a byte order mark and without NUL");
            }
        }
    }

    /** The numbered error for what a generator or a parser threw, without saying where in the document. */
    public static ConveneException refusal(JacksonException e) {
        return refusal(e, "");
    }

    /**
     * The numbered error for what a generator or a parser threw, in words of its own: the library's are about its classes.
     *
     * @param path where in the document, such as {@code join.presence}; empty if nowhere in particular
     */
    public static ConveneException refusal(JacksonException e, String path) {
        String field = path.isEmpty() ? null : Excerpt.of(path, PATH_LENGTH_MAX);
        if (e instanceof StreamConstraintsException) {
            if (e.getOriginalMessage().contains("nesting depth")) {
                return new ConveneException(ErrorCode.FRAME_TOO_DEEP, field, ErrorCode.FRAME_TOO_DEEP.advice());
            }
            String limits =
                    "a key has at most " + NAME_BYTES_MAX + " bytes and a number " + NUMBER_LENGTH_MAX + " characters";
            return new ConveneException(ErrorCode.BAD_FRAME, field, limits);
        }
        if (!(e instanceof StreamReadException)) {
            return new ConveneException(
                    ErrorCode.BAD_VALUE, field, "this cannot be written: a string holds half of a surrogate pair");
        }
        long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        return new ConveneException(
                ErrorCode.BAD_FRAME,
                field,
                "the frame cannot be read" + (at < 0 ? "" : " at byte " + at) + ": " + fault((StreamReadException) e));
    }

    private static String fault(StreamReadException e) {
        if (e instanceof UnexpectedEndOfInputException) {
            return "its end is missing";
        }
        return e.getOriginalMessage().startsWith("Duplicate")
                ? "this key was there before"
                : "what stands there cannot stand there";
    }
}
