package dev.convene.protocol.value;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Excerpt;
import dev.convene.protocol.value.Value.Bool;
import dev.convene.protocol.value.Value.Bytes;
import dev.convene.protocol.value.Value.Dec;
import dev.convene.protocol.value.Value.ErrorValue;
import dev.convene.protocol.value.Value.Int;
import dev.convene.protocol.value.Value.ListValue;
import dev.convene.protocol.value.Value.MapValue;
import dev.convene.protocol.value.Value.Str;
import dev.convene.protocol.value.Value.Tagged;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;

/**
 * Reads one value of either encoding from a parser that stands at its first token, and leaves it at the last. Whether a
 * map with one {@code $} key is a tag or an escaped map depends on the map around it, so such a map is kept open until
 * its parent is known; that makes one pass enough.
 *
 * <p>Refusals are {@link ErrorCode#BAD_VALUE} without a field; the caller knows where it is.
 */
public final class ValueReader {
    /** Most values, counted with all that they contain, that one value is made of. */
    public static final int PARTS_MAX = 100_000;

    private static final String BYTES = "$bytes";
    private static final String INT = "$int";
    private static final String DECIMAL = "$decimal";
    private static final String ERROR = "$error";
    private static final String MAP = "$map";

    private final JsonParser parser;
    private final boolean template;
    private int parts;

    private ValueReader(JsonParser parser, boolean template) {
        this.parser = parser;
        this.template = template;
    }

    /** A map with one {@code $} key, the argument not yet resolved either. */
    private record Open(String key, Object argument) {}

    /** The plain value at the parser's token; a tag of templates in it is refused. */
    public static Value read(JsonParser parser) {
        ValueReader reader = new ValueReader(parser, false);
        return reader.resolve(reader.open());
    }

    /** The value at the parser's token, in which parts may be {@link Tagged}. */
    public static Value readTemplate(JsonParser parser) {
        ValueReader reader = new ValueReader(parser, true);
        return reader.resolve(reader.open());
    }

    /** The plain value that a whole document is. */
    public static Value parse(Wire wire, byte[] document) {
        try (JsonParser parser = wire.parser(document, 0, document.length)) {
            if (parser.nextToken() == null) {
                throw new ConveneException(ErrorCode.BAD_FRAME, null, "there is no value");
            }
            Value value = read(parser);
            if (parser.nextToken() != null) {
                throw new ConveneException(ErrorCode.BAD_FRAME, null, "there is something after the value");
            }
            return value;
        } catch (JacksonException e) {
            throw Wire.refusal(e);
        }
    }

    /**
     * The value of a map whose first key begins with {@code $} and has been read, with the parser at that key's value: a
     * tag, or null with the first entry in {@code first} if more keys follow; the parser is then at the second key.
     */
    static @Nullable Value readTag(JsonParser parser, String key, Map<String, Value> first) {
        ValueReader reader = new ValueReader(parser, false);
        Object argument = reader.open();
        if (parser.nextName() == null) {
            return reader.resolve(new Open(key, argument));
        }
        first.put(key, reader.resolve(argument));
        return null;
    }

    /** The integer at the parser's token. */
    static long readInt(JsonParser parser) {
        if (parser.getNumberType() == NumberType.BIG_INTEGER) {
            throw bad("an integer has 64 bits");
        }
        return parser.getLongValue();
    }

    private Object open() {
        if (++parts > PARTS_MAX) {
            throw bad("a value has at most " + PARTS_MAX + " parts");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case VALUE_STRING -> new Str(parser.getString());
            case VALUE_NUMBER_INT -> new Int(readInt(parser));
            case VALUE_NUMBER_FLOAT -> new Dec(parser.getDoubleValue());
            case VALUE_TRUE -> Bool.TRUE;
            case VALUE_FALSE -> Bool.FALSE;
            case VALUE_NULL -> Value.NULL;
            case VALUE_EMBEDDED_OBJECT -> new Bytes(parser.getBinaryValue());
            case START_ARRAY -> list();
            case START_OBJECT -> map();
            case null, default -> throw bad("a value is expected");
        };
    }

    private Value list() {
        List<Value> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(resolve(open()));
        }
        return new ListValue(items);
    }

    private Object map() {
        String key = parser.nextName();
        if (key == null) {
            return new MapValue(Map.of());
        }
        parser.nextToken();
        Object first = open();
        String next = parser.nextName();
        if (next == null && key.startsWith("$")) {
            return new Open(key, first);
        }
        Map<String, Value> entries = new LinkedHashMap<>();
        entries.put(key, resolve(first));
        for (; next != null; next = parser.nextName()) {
            parser.nextToken();
            entries.put(next, resolve(open()));
        }
        return new MapValue(entries);
    }

    private Value resolve(Object value) {
        if (!(value instanceof Open open)) {
            return (Value) value;
        }
        String key = open.key();
        Object argument = open.argument();
        return switch (key) {
            case BYTES -> bytes(argument);
            case INT -> integer(argument);
            case DECIMAL -> decimal(argument);
            case ERROR -> error(resolve(argument));
            case MAP -> escaped(argument);
            default -> tagged(key, argument);
        };
    }

    private Value tagged(String key, Object argument) {
        Tag tag = Tag.ofWireName(key);
        if (tag == null) {
            throw bad("there is no tag " + Excerpt.of(key, 32)
                    + "; a map with this key alone is written {\"$map\": {...}}");
        }
        if (!template) {
            throw bad(key + " stands in templates only; a map with this key alone is written {\"$map\": {...}}");
        }
        return new Tagged(tag, resolve(argument));
    }

    private Value escaped(Object argument) {
        if (argument instanceof Open(String key, Object inner)) {
            return new MapValue(Map.of(key, resolve(inner)));
        }
        if (argument instanceof MapValue map) {
            return map;
        }
        throw bad("$map holds a map");
    }

    private static Value bytes(Object argument) {
        if (argument instanceof Bytes bytes) {
            return bytes;
        }
        if (argument instanceof Str(String text)) {
            try {
                return new Bytes(Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException e) {
                throw bad("$bytes holds standard base 64");
            }
        }
        throw bad("$bytes holds a string in base 64");
    }

    private static Value integer(Object argument) {
        if (argument instanceof Int integer) {
            return integer;
        }
        if (argument instanceof Str(String text) && isInteger(text)) {
            try {
                return new Int(Long.parseLong(text));
            } catch (NumberFormatException e) {
                throw bad("an integer has 64 bits");
            }
        }
        throw bad("$int holds a string of decimal digits");
    }

    private static boolean isInteger(String text) {
        int length = text.length();
        int from = length > 0 && text.charAt(0) == '-' ? 1 : 0;
        for (int i = from; i < length; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return length > from && length <= 20;
    }

    private static Value decimal(Object argument) {
        return switch (argument) {
            case Int(long value) -> new Dec(value);
            case Dec decimal -> decimal;
            default -> throw bad("$decimal holds a number");
        };
    }

    private static Value error(Value argument) {
        if (argument instanceof MapValue(Map<String, Value> entries)
                && entries.getOrDefault("message", new Str("")) instanceof Str(String message)) {
            return new ErrorValue(texts(entries, "classes"), message, texts(entries, "traceback"));
        }
        throw bad("$error holds a map with classes, message and traceback");
    }

    private static List<String> texts(Map<String, Value> entries, String key) {
        Value value = entries.get(key);
        List<String> texts = new ArrayList<>();
        if (value instanceof ListValue(List<Value> items)) {
            for (Value item : items) {
                if (!(item instanceof Str(String text))) {
                    throw bad("$error." + key + " is a list of strings");
                }
                texts.add(text);
            }
        } else if (value != null) {
            throw bad("$error." + key + " is a list of strings");
        }
        return texts;
    }

    private static ConveneException bad(String message) {
        return new ConveneException(ErrorCode.BAD_VALUE, null, message);
    }
}
