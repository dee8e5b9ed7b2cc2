package dev.convene.protocol.frame;

import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.value.Value;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one operation, answer or push, one after the other, whatever they are written in. Each typed method takes
 * the value of the field that {@link #next} returned and refuses a wrong one with the path of the field.
 */
public abstract sealed class FieldReader permits StreamFields, QueryFields {
    /** Longest string that is an id, a mark, a prefix or a page key, in characters. */
    public static final int TEXT_MAX = 256;
    /** Most positions that one field lists. */
    public static final int POSITIONS_MAX = 1000;
    /** Most entries of a page. */
    public static final int PAGE_MAX = 1000;
    /** Entries of a page where the request does not say. */
    public static final int PAGE_DEFAULT = 100;

    private final Limits limits;

    FieldReader(Limits limits) {
        this.limits = limits;
    }

    /** The limits that what is read is held against. */
    public final Limits limits() {
        return limits;
    }

    /** The name of the next field, or null after the last. A field that is null is passed over, except a {@code body}. */
    public abstract @Nullable String next();

    /** A string of at most {@code lengthMax} characters. */
    public abstract String text(int lengthMax);

    /** An integer within the bounds; {@code error} is what another is refused with. */
    public abstract long integer(long min, long max, ErrorCode error);

    /** True or false. */
    public abstract boolean flag();

    /** Strings, at most {@code countMax} of them; {@code error} is what more are refused with. */
    public abstract List<String> texts(int countMax, int lengthMax, ErrorCode error);

    /** Any plain value as a body of at most {@code bytesMax} bytes; {@code error} is what a larger one is refused with. */
    public abstract Body body(int bytesMax, ErrorCode error);

    /** Any plain value. */
    public abstract Value value();

    /** Any value, in which parts may be tags of templates. */
    public abstract Value template();

    /** Goes into a map: {@link #next} returns its fields and, with null, comes back. */
    public abstract void enter();

    /** Maps, each read by {@code element}, which must take {@link #next} to its null. */
    public abstract <T> List<T> objects(int countMax, Function<FieldReader, T> element);

    /** Passes over the value of a field that is not known. */
    public abstract void skip();

    /** The path of the present field from the operation on, such as {@code join.group}. */
    public abstract String path();

    /** The text of the present field if it is a string, else null. */
    abstract @Nullable String textIfAny();

    /** A refusal of the present field. */
    public final ConveneException refusal(ErrorCode error) {
        return refusal(error, error.advice());
    }

    /** A refusal of the present field with a sentence of its own. */
    public final ConveneException refusal(ErrorCode error, String message) {
        return new ConveneException(error, path(), message);
    }

    /** The value of a required field, or a refusal that names it. */
    public static <T> T require(@Nullable T value, String path) {
        if (value == null) {
            throw new ConveneException(ErrorCode.MISSING_FIELD, path, path + " is required");
        }
        return value;
    }

    /** An integer within the bounds. */
    public final long integer(long min, long max) {
        return integer(min, max, ErrorCode.BAD_FIELD);
    }

    /** An integer of 32 bits, not negative. */
    public final int count(int max) {
        return (int) integer(0, max, ErrorCode.BAD_FIELD);
    }

    /** How many entries a page may have. */
    public final int pageLimit() {
        return (int) integer(1, PAGE_MAX, ErrorCode.BAD_FIELD);
    }

    /** A session's own number of what it sends. */
    public final long seq() {
        return integer(1, ClientFrame.ID_MAX, ErrorCode.BAD_FIELD);
    }

    /** A short string without further rules. */
    public final String text() {
        return text(TEXT_MAX);
    }

    /** The legal name of an ordinary group. */
    public final String group() {
        String name = textIfAny();
        if (name == null || !Names.isGroupName(name)) {
            // Only now the path is worth its price.
            return Names.requireGroupName(name == null ? text() : name, path());
        }
        return name;
    }

    /** Legal names of targets: ordinary groups and private ones, at most {@code limits.groupsPerMessageMax}. */
    public final List<String> targets() {
        List<String> names = texts(limits.groupsPerMessageMax(), TEXT_MAX, ErrorCode.TOO_MANY_TARGETS);
        for (int i = 0; i < names.size(); i++) {
            if (!isTarget(names.get(i))) {
                throw new ConveneException(
                        ErrorCode.ILLEGAL_GROUP_NAME, path() + "[" + i + "]", ErrorCode.ILLEGAL_GROUP_NAME.advice());
            }
        }
        return names;
    }

    /** The legal name of a target: an ordinary group or a private one. */
    public final String target() {
        String name = text();
        if (!isTarget(name)) {
            throw refusal(ErrorCode.ILLEGAL_GROUP_NAME);
        }
        return name;
    }

    /** The legal name of a private group. */
    public final String privateGroup() {
        String name = text();
        if (!Names.isPrivateGroup(name)) {
            throw refusal(ErrorCode.ILLEGAL_GROUP_NAME, path() + " is a private group, #name#gateway");
        }
        return name;
    }

    private static boolean isTarget(String name) {
        return Names.isGroupName(name) || Names.isPrivateGroup(name);
    }

    /** A string of visible ASCII, not empty. */
    public final String visible(int lengthMax) {
        String text = text(lengthMax);
        if (!Names.isVisible(text, lengthMax)) {
            throw refusal(ErrorCode.BAD_FIELD, path() + " is 1 to " + lengthMax + " visible ASCII characters");
        }
        return text;
    }

    /** A digest of 16 hexadecimal digits. */
    public final long hex64() {
        String text = text(16);
        try {
            return HexFormat.fromHexDigitsToLong(text);
        } catch (IllegalArgumentException e) {
            throw refusal(ErrorCode.BAD_FIELD, path() + " has 16 hexadecimal digits");
        }
    }

    /** A position as clients see it. */
    public final At position() {
        return at(textIfAny());
    }

    /** Positions, at most {@code countMax} of them. */
    public final List<At> positions(int countMax) {
        List<String> texts = texts(countMax, At.TEXT_MAX, ErrorCode.BAD_FIELD);
        List<At> positions = new ArrayList<>(texts.size());
        for (String text : texts) {
            positions.add(at(text));
        }
        return positions;
    }

    private At at(@Nullable String text) {
        try {
            return At.parse(text == null ? "" : text, "");
        } catch (ConveneException e) {
            throw refusal(e.code(), e.message());
        }
    }

    /** The id of a view. */
    public final Position viewId() {
        String text = textIfAny();
        try {
            return Position.parse(text == null ? "" : text, "");
        } catch (ConveneException e) {
            throw refusal(e.code(), e.message());
        }
    }
}
