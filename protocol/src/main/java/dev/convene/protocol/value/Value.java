package dev.convene.protocol.value;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of the table that tuples, tasks, objects, actors and presence share. Integer 1, decimal 1.0 and true are three
 * different values; maps are equal whatever the order of their keys, which they keep. Immutable, except that the array
 * of {@link Bytes} is not copied and must not be changed.
 */
public sealed interface Value {
    /** The null value; a value like any other, not a wildcard. */
    Value NULL = new Null();

    /** No value; equal to itself only. */
    record Null() implements Value {}

    /** True or false. */
    record Bool(boolean value) implements Value {
        public static final Bool TRUE = new Bool(true);
        public static final Bool FALSE = new Bool(false);

        /** The shared instance. */
        public static Bool of(boolean value) {
            return value ? TRUE : FALSE;
        }
    }

    /** An integer of 64 bits. */
    record Int(long value) implements Value {}

    /** A finite double; minus zero is zero. */
    record Dec(double value) implements Value {
        /** Refuses NaN and the infinities with {@link ErrorCode#BAD_VALUE}. */
        public Dec {
            if (!Double.isFinite(value)) {
                throw new ConveneException(
                        ErrorCode.BAD_VALUE, null, "a decimal is a finite 64-bit floating point number");
            }
            value = value == 0.0 ? 0.0 : value;
        }
    }

    /** A string of Unicode characters, without lone surrogates. */
    record Str(String value) implements Value {}

    /** Bytes, compared by content; the array is shared, not copied. */
    record Bytes(byte[] value) implements Value {
        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        /** The content in base 64. */
        @Override
        public String toString() {
            return "Bytes[" + Base64.getEncoder().encodeToString(value) + "]";
        }
    }

    /** Values in order. */
    record ListValue(List<Value> items) implements Value {
        public ListValue {
            items = List.copyOf(items);
        }
    }

    /** Values by string keys, in the order in which they came. */
    record MapValue(Map<String, Value> entries) implements Value {
        public MapValue {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** Whether this map, written plainly, would be read as a tag. */
        boolean looksLikeTag() {
            return entries.size() == 1 && entries.keySet().iterator().next().startsWith("$");
        }
    }

    /**
     * A failure in user code, as it travels to whoever asked.
     *
     * @param classes names of the error's class and its ancestors, the nearest first; at least one
     * @param message what the error says
     * @param traceback where it came from, one line an item, as the language in question prints it; may be empty
     */
    record ErrorValue(List<String> classes, String message, List<String> traceback) implements Value {
        public ErrorValue {
            classes = List.copyOf(classes);
            traceback = List.copyOf(traceback);
            if (classes.isEmpty()) {
                throw new ConveneException(ErrorCode.BAD_VALUE, null, "an error names its class");
            }
        }
    }

    /** Part of a template, not a plain value: read only where a template may stand. */
    record Tagged(Tag tag, Value argument) implements Value {}
}
