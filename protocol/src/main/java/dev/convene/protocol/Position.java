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
