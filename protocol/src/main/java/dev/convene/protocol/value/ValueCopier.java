package dev.convene.protocol.value;

import dev.convene.protocol.value.Value.Bytes;
import dev.convene.protocol.value.Value.Dec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Passes a plain value from a parser to a generator without building it, checked and in the form that
 * {@link ValueWriter} gives it. Only maps that may be tags are built.
 */
public final class ValueCopier {
    private final JsonParser in;
    private final JsonGenerator out;
    private final ValueWriter writer;

    private ValueCopier(JsonParser in, JsonGenerator out, Encoding to) {
        this.in = in;
        this.out = out;
        this.writer = new ValueWriter(out, to);
    }

    /** Copies the value at whose first token the parser stands and leaves the parser at its last. */
    public static void copy(JsonParser in, JsonGenerator out, Encoding to) {
        new ValueCopier(in, out, to).copy();
    }

    /**
     * The same, unless the value as a whole is a map that means bytes: then nothing is written and they are returned.
     */
    public static @Nullable Bytes copyUnlessBytes(JsonParser in, JsonGenerator out, Encoding to) {
        ValueCopier copier = new ValueCopier(in, out, to);
        if (in.currentToken() == JsonToken.START_OBJECT) {
            return copier.map();
        }
        copier.copy();
        return null;
    }

    private void copy() {
        switch (in.currentToken()) {
            case VALUE_STRING -> writer.string(in.getString());
            case VALUE_NUMBER_INT -> writer.integer(ValueReader.readInt(in));
            case VALUE_NUMBER_FLOAT -> writer.decimal(new Dec(in.getDoubleValue()).value());
            case START_ARRAY -> list();
            case START_OBJECT -> {
                Bytes bytes = map();
                if (bytes != null) {
                    writer.write(bytes);
                }
            }
            case null, default -> writer.write(ValueReader.read(in));
        }
    }

    private void list() {
        out.writeStartArray();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            copy();
        }
        out.writeEndArray();
    }

    /** Copies the map at the parser's token, or returns the bytes that it means. */
    private @Nullable Bytes map() {
        String key = in.nextName();
        if (key == null || !key.startsWith("$")) {
            out.writeStartObject();
            entries(key);
            return null;
        }
        in.nextToken();
        Map<String, Value> first = new LinkedHashMap<>();
        Value tag = ValueReader.readTag(in, key, first);
        if (tag instanceof Bytes bytes) {
            return bytes;
        }
        if (tag != null) {
            writer.write(tag);
            return null;
        }
        out.writeStartObject();
        out.writeName(key);
        writer.write(first.values().iterator().next());
        entries(in.currentName());
        return null;
    }

    private void entries(@Nullable String firstKey) {
        for (String key = firstKey; key != null; key = in.nextName()) {
            in.nextToken();
            out.writeName(key);
            copy();
        }
        out.writeEndObject();
    }
}
