package dev.convene.groupservice.adapter.http;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an operator's command, from JSON or from a query.
 *
 * @param values by name
 */
record CommandFields(Map<String, Object> values) {

    String text(String field) {
        String value = textIfAny(field);
        if (value == null) {
            throw new ConveneException(ErrorCode.MISSING_FIELD, field, field + " is missing");
        }
        return value;
    }

    @Nullable String textIfAny(String field) {
        Object value = values.get(field);
        if (value != null && !(value instanceof String)) {
            throw bad(field, "a text");
        }
        return (String) value;
    }

    /** A number from 0 on. */
    long number(String field) {
        Object value = values.get(field);
        if (value == null) {
            throw new ConveneException(ErrorCode.MISSING_FIELD, field, field + " is missing");
        }
        long number = parse(field, value);
        if (number < 0) {
            throw bad(field, "0 or more");
        }
        return number;
    }

    /** A number from 0 to {@link Integer#MAX_VALUE}. */
    int whole(String field) {
        long number = number(field);
        if (number > Integer.MAX_VALUE) {
            throw bad(field, "at most " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    boolean isSet(String field) {
        Object value = values.get(field);
        if (value != null && !(value instanceof Boolean)) {
            throw bad(field, "true or false");
        }
        return Boolean.TRUE.equals(value);
    }

    private static long parse(String field, Object value) {
        try {
            return switch (value) {
                case Integer i -> i;
                case Long l -> l;
                case String s -> Long.parseLong(s);
                default -> throw bad(field, "a number");
            };
        } catch (NumberFormatException _) {
            throw bad(field, "a number");
        }
    }

    private static ConveneException bad(String field, String expected) {
        return new ConveneException(ErrorCode.BAD_FIELD, field, field + " must be " + expected);
    }
}
