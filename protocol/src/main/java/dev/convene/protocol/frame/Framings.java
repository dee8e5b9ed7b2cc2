package dev.convene.protocol.frame;

import dev.convene.protocol.value.Encoding;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The framings of both encodings. Lists in CBOR are of indefinite length, so that a push can follow at any time. */
final class Framings {
    private static final byte[] NOTHING = {};
    private static final byte[] COMMA = {','};
    private static final byte BREAK = (byte) 0xff;
    private static final int MAP_OF_ONE = 0xa1;
    private static final int MAP_OF_TWO = 0xa2;
    private static final int LIST_OF_ANY = 0x9f;
    private static final int SHORT_TEXT = 0x60;
    private static final int LONG_INTEGER = 0x1b;

    private Framings() {}

    static Framing batch(Encoding encoding) {
        return switch (encoding) {
            case JSON -> json("{\"batch\":[", "]}");
            case CBOR -> cbor(text(start(MAP_OF_ONE), "batch"));
        };
    }

    static Framing received(Encoding encoding) {
        return switch (encoding) {
            case JSON -> json("{\"messages\":[", "]}");
            case CBOR -> cbor(text(start(MAP_OF_ONE), "messages"));
        };
    }

    static Framing received(Encoding encoding, long id) {
        return switch (encoding) {
            case JSON -> json("{\"id\":" + id + ",\"ok\":{\"messages\":[", "]}}");
            case CBOR -> {
                ByteArrayOutputStream head = text(start(MAP_OF_TWO), "id");
                head.write(LONG_INTEGER);
                for (int shift = 56; shift >= 0; shift -= 8) {
                    head.write((int) (id >>> shift));
                }
                text(head, "ok").write(MAP_OF_ONE);
                yield cbor(text(head, "messages"));
            }
        };
    }

    private static Framing json(String prefix, String suffix) {
        return new Framing(
                prefix.getBytes(StandardCharsets.US_ASCII), COMMA, suffix.getBytes(StandardCharsets.US_ASCII));
    }

    private static Framing cbor(ByteArrayOutputStream head) {
        head.write(LIST_OF_ANY);
        return new Framing(head.toByteArray(), NOTHING, new byte[] {BREAK});
    }

    private static ByteArrayOutputStream start(int initial) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(initial);
        return out;
    }

    /** Appends a text of less than 24 characters. */
    private static ByteArrayOutputStream text(ByteArrayOutputStream out, String text) {
        out.write(SHORT_TEXT + text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return out;
    }
}
