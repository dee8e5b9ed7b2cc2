package dev.convene.testkit.check.order;

import org.jspecify.annotations.Nullable;

/**
 * A message in one domain. A message to one domain has one copy; one that spans domains is a record in each of them, and
 * orders and duplicates are judged for each record by itself.
 */
final class Copy {

    final int message;
    final int domain;

    /** The first position that anybody was told for it, and by whom. */
    @Nullable Position position;

    String positionToldTo = "";
    boolean acknowledged;

    /** One session that got it; empty if none did. */
    String deliveredTo = "";

    Copy(int message, int domain) {
        this.message = message;
        this.domain = domain;
    }

    void told(@Nullable Position where, String session) {
        if (position == null && where != null) {
            position = where;
            positionToldTo = session;
        }
    }
}
