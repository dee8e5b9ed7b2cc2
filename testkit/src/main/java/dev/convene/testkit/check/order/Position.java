package dev.convene.testkit.check.order;

import java.util.Comparator;
import java.util.Objects;

/**
 * A place in the order of one domain. Positions of one domain are totally ordered by epoch, then offset, then index;
 * positions of different domains say nothing about each other.
 *
 * @param domain the order domain
 * @param epoch  which life of the log it is, rising with every restore; a surface that names epochs by text numbers them
 *               in the order in which they came to be
 * @param offset the record in the log
 * @param index  the command in a record that holds several
 */
public record Position(String domain, long epoch, long offset, int index) implements Comparable<Position> {

    private static final Comparator<Position> ORDER = Comparator.comparing(Position::domain)
            .thenComparingLong(Position::epoch)
            .thenComparingLong(Position::offset)
            .thenComparingInt(Position::index);

    public Position {
        Objects.requireNonNull(domain, "domain");
        if (offset < 0 || index < 0) {
            throw new IllegalArgumentException("offset and index must not be negative: " + offset + "." + index);
        }
    }

    /** The first command of a record in the first life of a domain's log. */
    public static Position of(String domain, long offset) {
        return new Position(domain, 0, offset, 0);
    }

    /** Whether this position comes after {@code other} in their domain; false when they are of different domains. */
    public boolean isAfter(Position other) {
        return domain.equals(other.domain) && compareTo(other) > 0;
    }

    /** Whether this position comes before {@code other} in their domain; false when they are of different domains. */
    public boolean isBefore(Position other) {
        return domain.equals(other.domain) && compareTo(other) < 0;
    }

    /** Within a domain the order of the log; across domains only some order, fit for sorting and nothing else. */
    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return domain + "@" + epoch + ":" + offset + "." + index;
    }
}
