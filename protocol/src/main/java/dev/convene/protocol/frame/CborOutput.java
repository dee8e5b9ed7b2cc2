package dev.convene.protocol.frame;

import dev.convene.protocol.value.Encoding;
import dev.convene.protocol.value.Value;
import dev.convene.protocol.value.ValueWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** CBOR, by a generator. */
record CborOutput(JsonGenerator out) implements FieldOutput {
    @Override
    public void startMap() {
        out.writeStartObject();
    }

    @Override
    public void endMap() {
        out.writeEndObject();
    }

    @Override
    public void startList(int size) {
        out.writeStartArray(List.of(), size);
    }

    @Override
    public void endList() {
        out.writeEndArray();
    }

    @Override
    public void name(String name) {
        out.writeName(name);
    }

    @Override
    public void text(String value) {
        out.writeString(value);
    }

    @Override
    public void integer(long value) {
        out.writeNumber(value);
    }

    @Override
    public void flag(boolean value) {
        out.writeBoolean(value);
    }

    @Override
    public void body(Body body) {
        BodyFormat.writeCbor(body, out);
    }

    @Override
    public void value(Value value) {
        new ValueWriter(out, Encoding.CBOR).write(value);
    }
}
