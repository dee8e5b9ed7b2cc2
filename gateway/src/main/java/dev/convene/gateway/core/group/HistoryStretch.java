package dev.convene.gateway.core.group;

import dev.convene.group.Delivery;
import dev.convene.protocol.Position;

/**
 * A stretch of what was sent to one group.
 *
 * @param after after this position
 * @param until up to this one, inclusive
 * @param notBeforeMs nothing older than this, milliseconds since 1970; 0 for no limit
 */
record HistoryStretch(String group, Position after, Position until, long notBeforeMs) {
    HistoryStretch after(Position other) {
        return new HistoryStretch(group, other, until, notBeforeMs);
    }

    /** Whether a message belongs to it, however old. Copies for the members of queues are not what was sent. */
    boolean holds(Delivery delivery) {
        return delivery.queueReceivers().isEmpty()
                && delivery.at().isAfter(after)
                && !delivery.at().isAfter(until)
                && delivery.message().groups().contains(group);
    }
}
