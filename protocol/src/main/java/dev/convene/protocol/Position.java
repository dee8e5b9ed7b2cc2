package dev.convene.protocol;

/**
 * A place in one log partition: the record's offset and, where a record has several effects, the index of the effect
 * within it, from 0. Ordered by offset, then index.
 */
public record Position(long offset, int index) implements Comparable<Position> {
    /** Before everything. */
    public static final Position START = new Position(-1, 0);

    public Position {
        if (offset < -1 || index < 0) {
            throw new IllegalArgumentException("no such position: " + offset + "." + index);
        }
    }

    /** The first effect of the record at {@code offset}. */
    public static Position of(long offset) {
        return new Position(offset, 0);
    }

    /** Parses {@code offset} or {@code offset.index}; refuses anything else with {@link ErrorCode#BAD_POSITION}. */
    public static Position parse(String text, String field) {
        int dot = text.indexOf('.');
        long offset = natural(dot < 0 ? text : text.substring(0, dot));
        long index = dot < 0 ? 0 : natural(text.substring(dot + 1));
        if (text.equals("-1")) {
            return START;
        }
        if (offset < 0 || index < 0 || index > Integer.MAX_VALUE || dot >= 0 && index == 0) {
            throw new ConveneException(ErrorCode.BAD_POSITION, field, ErrorCode.BAD_POSITION.advice());
        }
        return new Position(offset, (int) index);
    }

    /** The number that the digits are, written without leading zeros, or -1. */
    private static long natural(String digits) {
        int length = digits.length();
        if (length == 0 || length > 18 || length > 1 && digits.charAt(0) == '0') {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    @Override
    public int compareTo(Position other) {
        int byOffset = Long.compare(offset, other.offset);
        return byOffset != 0 ? byOffset : Integer.compare(index, other.index);
    }

    public boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    /** {@code offset} or {@code offset.index}. */
    @Override
    public String toString() {
        return index == 0 ? Long.toString(offset) : offset + "." + index;
    }
}
