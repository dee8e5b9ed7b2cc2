package dev.convene.protocol.frame;

import dev.convene.protocol.Content;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.value.Encoding;
import dev.convene.protocol.value.Value;
import dev.convene.protocol.value.ValueCopier;
import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/** How bodies stand in frames. JSON is written into JSON as it is; everything else keeps its bytes too. */
final class BodyFormat {
    private BodyFormat() {}

    /** The body at the parser's token. */
    static Body read(JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> Body.ofText(parser.getString());
            case VALUE_EMBEDDED_OBJECT -> Body.ofBytes(parser.getBinaryValue());
            case null -> throw new ConveneException(ErrorCode.BAD_VALUE, null, "a value is expected");
            default -> readOther(parser);
        };
    }

    private static Body readOther(JsonParser parser) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(128);
        Value.Bytes bytes;
        try (JsonGenerator generator = Body.JSON.generator(json)) {
            bytes = ValueCopier.copyUnlessBytes(parser, generator, Encoding.JSON);
        }
        return bytes != null ? Body.ofBytes(bytes.value()) : new Body(Content.JSON, json.toByteArray());
    }

    /** Writes the body as a value of a frame. */
    static void writeCbor(Body body, JsonGenerator out) {
        byte[] bytes = body.bytes();
        switch (body.content()) {
            case TEXT -> out.writeUTF8String(bytes, 0, bytes.length);
            case BYTES -> out.writeBinary(bytes);
            case JSON -> transcode(bytes, out);
        }
    }

    private static void transcode(byte[] json, JsonGenerator out) {
        try (JsonParser parser = Body.JSON.parser(json, 0, json.length)) {
            parser.nextToken();
            ValueCopier.copy(parser, out, Encoding.CBOR);
        }
    }
}
