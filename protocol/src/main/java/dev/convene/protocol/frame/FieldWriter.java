package dev.convene.protocol.frame;

import dev.convene.protocol.At;
import dev.convene.protocol.value.Value;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Writes the fields of one operation, answer or push. What is absent is left out: null, false and, where it says so, 0. */
public final class FieldWriter {
    private final FieldOutput out;

    FieldWriter(FieldOutput out) {
        this.out = out;
    }

    /** Begins a map without a name: the frame itself, or an element of a list. */
    FieldWriter open() {
        out.startMap();
        return this;
    }

    /** Begins a map. */
    public FieldWriter open(String name) {
        out.name(name);
        out.startMap();
        return this;
    }

    /** Ends a map. */
    public FieldWriter close() {
        out.endMap();
        return this;
    }

    /** A string, unless it is null. */
    public FieldWriter text(String name, @Nullable String value) {
        if (value != null) {
            out.name(name);
            out.text(value);
        }
        return this;
    }

    /** The text form of something, such as a position, unless it is null. */
    public FieldWriter textOf(String name, @Nullable Object value) {
        return text(name, value == null ? null : value.toString());
    }

    /** An integer. */
    public FieldWriter integer(String name, long value) {
        out.name(name);
        out.integer(value);
        return this;
    }

    /** An integer, unless it is the default that its absence means. */
    public FieldWriter integerUnless(String name, long value, long absent) {
        return value == absent ? this : integer(name, value);
    }

    /** An integer, unless it is null. */
    public FieldWriter integerIfAny(String name, @Nullable Long value) {
        return value == null ? this : integer(name, value);
    }

    /** True or false. */
    public FieldWriter flag(String name, boolean value) {
        out.name(name);
        out.flag(value);
        return this;
    }

    /** True, or nothing. */
    public FieldWriter flagIfTrue(String name, boolean value) {
        return value ? flag(name, true) : this;
    }

    /** Strings. */
    public FieldWriter texts(String name, List<String> values) {
        out.name(name);
        out.startList(values.size());
        for (String value : values) {
            out.text(value);
        }
        out.endList();
        return this;
    }

    /** Strings, unless there are none. */
    public FieldWriter textsIfAny(String name, List<String> values) {
        return values.isEmpty() ? this : texts(name, values);
    }

    /** Positions. */
    public FieldWriter positions(String name, List<At> values) {
        out.name(name);
        out.startList(values.size());
        for (At value : values) {
            out.text(value.toString());
        }
        out.endList();
        return this;
    }

    /** Positions, unless there are none. */
    public FieldWriter positionsIfAny(String name, List<At> values) {
        return values.isEmpty() ? this : positions(name, values);
    }

    /** A body, unless it is null. */
    public FieldWriter body(String name, @Nullable Body value) {
        if (value != null) {
            out.name(name);
            out.body(value);
        }
        return this;
    }

    /** A value. */
    public FieldWriter value(String name, Value value) {
        out.name(name);
        out.value(value);
        return this;
    }

    /** Maps, each written by {@code element}. */
    public <T> FieldWriter objects(String name, List<T> values, BiConsumer<T, FieldWriter> element) {
        out.name(name);
        out.startList(values.size());
        for (T value : values) {
            open();
            element.accept(value, this);
            close();
        }
        out.endList();
        return this;
    }
}
