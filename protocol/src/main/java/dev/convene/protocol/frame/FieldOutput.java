package dev.convene.protocol.frame;

import dev.convene.protocol.value.Value;

/** The notation in which a {@link FieldWriter} writes. */
interface FieldOutput {
    void startMap();

    void endMap();

    void startList(int size);

    void endList();

    /** The key of what follows. */
    void name(String name);

    void text(String value);

    void integer(long value);

    void flag(boolean value);

    void body(Body body);

    void value(Value value);
}
