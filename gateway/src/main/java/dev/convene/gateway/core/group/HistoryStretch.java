package dev.convene.gateway.core.group;

import dev.convene.group.Delivery;
import dev.convene.protocol.Position;
import dev.convene.runtime.Attachment;

/**
 * A stretch of what was sent to one group.
 *
 * @param after after this position
 * @param until up to this one, inclusive
 * @param notBeforeMs nothing older than this, milliseconds since 1970; 0 for no limit
 * @param joiner the session to which it is replayed, which gets none of those that it wanted no copy of; {@link #NOBODY} where
 *     the past of the group itself is read
 */
record HistoryStretch(String group, Position after, Position until, long notBeforeMs, long joiner) {
    static final long NOBODY = -1;

    HistoryStretch after(Position other) {
        return new HistoryStretch(group, other, until, notBeforeMs, joiner);
    }

    /** Whether a message belongs to it, however old. Copies for the members of queues are not what was sent. */
    boolean holds(Delivery delivery) {
        return delivery.queueReceivers().isEmpty()
                && delivery.at().isAfter(after)
                && !delivery.at().isAfter(until)
                && delivery.message().groups().contains(group)
                && !isDiscarded(delivery);
    }

    private boolean isDiscarded(Delivery delivery) {
        Attachment sender = delivery.sender();
        return delivery.message().selfDiscard() && sender != null && sender.id() == joiner;
    }
}
