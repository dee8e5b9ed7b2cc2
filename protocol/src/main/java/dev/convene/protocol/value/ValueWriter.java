package dev.convene.protocol.value;

import dev.convene.protocol.value.Value.Bool;
import dev.convene.protocol.value.Value.Bytes;
import dev.convene.protocol.value.Value.Dec;
import dev.convene.protocol.value.Value.ErrorValue;
import dev.convene.protocol.value.Value.Int;
import dev.convene.protocol.value.Value.ListValue;
import dev.convene.protocol.value.Value.MapValue;
import dev.convene.protocol.value.Value.Null;
import dev.convene.protocol.value.Value.Str;
import dev.convene.protocol.value.Value.Tagged;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/**
 * Writes values the one way that Convene writes them: in CBOR natively, in JSON tagged where JSON has no such kind or
 * where a reader with doubles only would take it for another (integers beyond 2^53, integral decimals).
 */
public final class ValueWriter {
    /** The largest integer, either way from 0, below which doubles have no gaps. */
    public static final long EXACT_MAX = 1L << 53;

    // The CBOR generator cuts longer strings into chunks, which not every reader knows.
    private static final int CHUNK_CHARS = 1000;

    private final JsonGenerator out;
    private final boolean json;

    public ValueWriter(JsonGenerator out, Encoding encoding) {
        this.out = out;
        this.json = encoding == Encoding.JSON;
    }

    /** The value as a document of its own. */
    public static byte[] toBytes(Wire wire, Value value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = wire.generator(bytes)) {
            new ValueWriter(generator, wire.encoding()).write(value);
        } catch (JacksonException e) {
            throw Wire.refusal(e);
        }
        return bytes.toByteArray();
    }

    /** Writes the value. */
    public void write(Value value) {
        switch (value) {
            case Null _ -> out.writeNull();
            case Bool(boolean bool) -> out.writeBoolean(bool);
            case Int(long integer) -> integer(integer);
            case Dec(double decimal) -> decimal(decimal);
            case Str(String text) -> string(text);
            case Bytes(byte[] bytes) -> bytes(bytes);
            case ListValue(List<Value> items) -> list(items);
            case MapValue map -> map(map);
            case ErrorValue error -> error(error);
            case Tagged(Tag tag, Value argument) -> {
                startTag(tag.wireName());
                write(argument);
                out.writeEndObject();
            }
        }
    }

    void integer(long value) {
        if (json && (value > EXACT_MAX || value < -EXACT_MAX)) {
            startTag("$int");
            out.writeString(Long.toString(value));
            out.writeEndObject();
        } else {
            out.writeNumber(value);
        }
    }

    void decimal(double value) {
        if (!json || value != Math.rint(value)) {
            out.writeNumber(value);
            return;
        }
        startTag("$decimal");
        if (Math.abs(value) <= EXACT_MAX) {
            out.writeNumber((long) value);
        } else {
            out.writeNumber(value);
        }
        out.writeEndObject();
    }

    void string(String value) {
        if (json || value.length() <= CHUNK_CHARS) {
            out.writeString(value);
        } else {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            out.writeUTF8String(utf8, 0, utf8.length);
        }
    }

    void bytes(byte[] value) {
        if (json) {
            startTag("$bytes");
            out.writeBinary(value);
            out.writeEndObject();
        } else {
            out.writeBinary(value);
        }
    }

    private void list(List<Value> items) {
        out.writeStartArray(items, items.size());
        for (Value item : items) {
            write(item);
        }
        out.writeEndArray();
    }

    private void map(MapValue map) {
        boolean escape = map.looksLikeTag();
        if (escape) {
            startTag("$map");
        }
        out.writeStartObject(map, map.entries().size());
        for (Map.Entry<String, Value> entry : map.entries().entrySet()) {
            out.writeName(entry.getKey());
            write(entry.getValue());
        }
        out.writeEndObject();
        if (escape) {
            out.writeEndObject();
        }
    }

    private void error(ErrorValue error) {
        startTag("$error");
        out.writeStartObject(error, 3);
        texts("classes", error.classes());
        out.writeName("message");
        string(error.message());
        texts("traceback", error.traceback());
        out.writeEndObject();
        out.writeEndObject();
    }

    private void texts(String name, List<String> texts) {
        out.writeName(name);
        out.writeStartArray(texts, texts.size());
        for (String text : texts) {
            string(text);
        }
        out.writeEndArray();
    }

    private void startTag(String name) {
        out.writeStartObject(this, 1);
        out.writeName(name);
    }
}
