package dev.convene.protocol.frame;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.value.Value;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fields from the query of a URL: numbers in decimal digits, flags as {@code true} or {@code false}, lists joined by
 * commas. Maps and values have no form there.
 */
final class QueryFields extends FieldReader {
    private final String operation;
    private final Iterator<Map.Entry<String, List<String>>> parameters;
    private String name = "";
    private String value = "";

    QueryFields(String operation, Map<String, List<String>> parameters, Limits limits) {
        super(limits);
        this.operation = operation;
        this.parameters = parameters.entrySet().iterator();
    }

    @Override
    public @Nullable String next() {
        if (!parameters.hasNext()) {
            return null;
        }
        Map.Entry<String, List<String>> parameter = parameters.next();
        name = parameter.getKey();
        if (parameter.getValue().size() > 1) {
            throw refusal(ErrorCode.BAD_FIELD, path() + " is given more than once");
        }
        // A parameter without "=" has none.
        value = Objects.requireNonNullElse(parameter.getValue().getFirst(), "");
        return name;
    }

    @Override
    public String text(int lengthMax) {
        if (value.length() > lengthMax) {
            throw refusal(ErrorCode.BAD_FIELD, path() + " has at most " + lengthMax + " characters");
        }
        return value;
    }

    @Override
    String textIfAny() {
        return value;
    }

    @Override
    public long integer(long min, long max, ErrorCode error) {
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max && value.charAt(0) != '+') {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refusal(error, path() + " is an integer from " + min + " to " + max);
        }
        throw refusal(error, path() + " is an integer from " + min + " to " + max);
    }

    @Override
    public boolean flag() {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refusal(ErrorCode.BAD_FIELD, path() + " is true or false");
        };
    }

    @Override
    public List<String> texts(int countMax, int lengthMax, ErrorCode error) {
        List<String> texts = value.isEmpty() ? List.of() : List.of(value.split(",", countMax + 1));
        if (texts.size() > countMax) {
            throw refusal(error, path() + ": at most " + countMax + " are allowed");
        }
        for (String text : texts) {
            if (text.length() > lengthMax) {
                throw refusal(ErrorCode.BAD_FIELD, path() + " has at most " + lengthMax + " characters");
            }
        }
        return texts;
    }

    @Override
    public <T> List<T> objects(int countMax, Function<FieldReader, T> element) {
        throw noForm();
    }

    @Override
    public Body body(int bytesMax, ErrorCode error) {
        throw noForm();
    }

    @Override
    public Value value() {
        throw noForm();
    }

    @Override
    public Value template() {
        throw noForm();
    }

    @Override
    public void enter() {
        throw noForm();
    }

    private RuntimeException noForm() {
        return refusal(ErrorCode.BAD_FIELD, path() + " cannot stand in a query; send it in the body");
    }

    @Override
    public void skip() {
        // The next parameter does not depend on this one.
    }

    @Override
    public String path() {
        return name.isEmpty() ? operation : operation + "." + name;
    }
}
