package dev.convene.protocol.frame;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.value.Value;
import dev.convene.protocol.value.ValueReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;

/** Fields from a parser of either encoding. The path of a field is what the parser's own context says. */
final class StreamFields extends FieldReader {
    private final JsonParser parser;
    private final String root;

    /**
     * @param root what stands before the path that the parser sees: the operation where only its fields are parsed, else
     *     empty
     */
    StreamFields(JsonParser parser, Limits limits, String root) {
        super(limits);
        this.parser = parser;
        this.root = root;
    }

    @Override
    public @Nullable String next() {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            if (parser.nextToken() != JsonToken.VALUE_NULL || name.equals("body")) {
                return name;
            }
        }
        return null;
    }

    /** The name of the next entry of the frame itself, which none is passed over of; null after the last. */
    @Nullable String nextOfFrame() {
        String name = parser.nextName();
        if (name != null) {
            parser.nextToken();
        }
        return name;
    }

    /** Whether the present entry is null, which is as if it were not there. */
    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** Goes to the end of what is open, until only {@code depth} maps and lists are. */
    void leaveTo(int depth) {
        while (parser.streamReadContext().getNestingDepth() > depth) {
            parser.nextToken();
        }
    }

    /** Refuses what stands after the map. */
    void requireEnd() {
        if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
            throw new ConveneException(ErrorCode.BAD_FRAME, null, "there is something after the frame");
        }
    }

    @Override
    public String text(int lengthMax) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw refusal(ErrorCode.BAD_FIELD, path() + " is a string");
        }
        String text = parser.getString();
        if (text.length() > lengthMax) {
            throw refusal(ErrorCode.BAD_FIELD, path() + " has at most " + lengthMax + " characters");
        }
        return text;
    }

    @Override
    @Nullable String textIfAny() {
        return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
    }

    @Override
    public long integer(long min, long max, ErrorCode error) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != NumberType.BIG_INTEGER) {
            long value = parser.getLongValue();
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw refusal(error, path() + " is an integer from " + min + " to " + max);
    }

    @Override
    public boolean flag() {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> throw refusal(ErrorCode.BAD_FIELD, path() + " is true or false");
        };
    }

    @Override
    public List<String> texts(int countMax, int lengthMax, ErrorCode error) {
        startArray();
        List<String> texts = new ArrayList<>(4);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (texts.size() == countMax) {
                throw refusal(error, path() + ": at most " + countMax + " are allowed");
            }
            texts.add(text(lengthMax));
        }
        return texts;
    }

    @Override
    public <T> List<T> objects(int countMax, Function<FieldReader, T> element) {
        startArray();
        List<T> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (elements.size() == countMax) {
                throw refusal(ErrorCode.BAD_FIELD, path() + ": at most " + countMax + " are allowed");
            }
            enter();
            elements.add(element.apply(this));
        }
        return elements;
    }

    private void startArray() {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw refusal(ErrorCode.BAD_FIELD, path() + " is a list");
        }
    }

    @Override
    public Body body(int bytesMax, ErrorCode error) {
        Body body;
        try {
            body = BodyFormat.read(parser);
        } catch (ConveneException e) {
            throw refusal(e.code(), e.message());
        }
        if (body.size() > bytesMax) {
            throw refusal(error);
        }
        return body;
    }

    @Override
    public Value value() {
        try {
            return ValueReader.read(parser);
        } catch (ConveneException e) {
            throw refusal(e.code(), e.message());
        }
    }

    @Override
    public Value template() {
        try {
            return ValueReader.readTemplate(parser);
        } catch (ConveneException e) {
            throw refusal(e.code(), e.message());
        }
    }

    @Override
    public void enter() {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw refusal(ErrorCode.BAD_FIELD, path() + " is a map");
        }
    }

    @Override
    public void skip() {
        parser.skipChildren();
    }

    @Override
    public String path() {
        TokenStreamContext context = parser.streamReadContext();
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            // The parser is inside already, the field is outside.
            context = context.getParent();
        }
        StringBuilder path = new StringBuilder();
        for (; context != null && !context.inRoot(); context = context.getParent()) {
            if (context.inArray()) {
                path.insert(0, "[" + context.getCurrentIndex() + "]");
            } else if (context.currentName() != null) {
                path.insert(0, context.currentName()).insert(0, '.');
            }
        }
        path.insert(0, root);
        return !path.isEmpty() && path.charAt(0) == '.' ? path.substring(1) : path.toString();
    }
}
