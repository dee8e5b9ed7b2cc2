package dev.convene.testkit.check.order;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing a session did or was told. A session's events are kept in the order in which the session itself saw them;
 * that order is all the checkers know of time, so no clocks need to agree.
 *
 * <p>Messages that a session asked for as history or replay are marked as such on the wire and are no events of this
 * model.
 */
public sealed interface Event {

    /**
     * The session asked for a message to be sent. Recorded before the request leaves, so that nothing can be delivered
     * because of it earlier. Sends that one session issues concurrently have no order among themselves: record them one
     * by one or as sessions of their own.
     *
     * @param messageId      names the message, unique in the history
     * @param level          the service level asked for
     * @param targets        groups and private names, in the order given
     * @param selfDiscard    whether the sender asked for no copy of its own
     * @param acknowledgedAt where the acknowledgement said it is: one position for each domain; empty when no
     *                       acknowledgement came, so that it may have happened or not
     */
    record Sent(String messageId, Level level, List<String> targets, boolean selfDiscard, List<Position> acknowledgedAt)
            implements Event {
        public Sent {
            Objects.requireNonNull(messageId, "messageId");
            Objects.requireNonNull(level, "level");
            targets = List.copyOf(targets);
            acknowledgedAt = List.copyOf(acknowledgedAt);
        }

        /** The same message, acknowledged at {@code positions}. */
        public Sent acknowledged(List<Position> positions) {
            return new Sent(messageId, level, targets, selfDiscard, positions);
        }
    }

    /**
     * A message reached the session.
     *
     * @param messageId names the message
     * @param sender    the member name of its sender, as told
     * @param groups    all its targets, as told
     * @param level     its service level, as told
     * @param position  its place in the order, as told; null where the surface tells none
     * @param causes    ids of messages that are known to precede it causally, beyond what the recorded sessions show;
     *                  usually empty
     */
    record Delivered(
            String messageId,
            String sender,
            List<String> groups,
            Level level,
            @Nullable Position position,
            List<String> causes)
            implements Event {
        public Delivered {
            Objects.requireNonNull(messageId, "messageId");
            Objects.requireNonNull(sender, "sender");
            Objects.requireNonNull(level, "level");
            groups = List.copyOf(groups);
            causes = List.copyOf(causes);
        }

        public Delivered(
                String messageId, String sender, List<String> groups, Level level, @Nullable Position position) {
            this(messageId, sender, groups, level, position, List.of());
        }

        /** The order domain this copy came through; by its position, else by its first ordinary target. */
        String domain() {
            return position != null ? position.domain() : Domains.ofTargets(groups);
        }
    }

    /**
     * A regular view of a group.
     *
     * @param group   the group
     * @param id      the view's identity: the position of the membership record that made it
     * @param reason  why it was made
     * @param roster  who is in it
     * @param changed who joined, left or was disconnected; for a {@link Reason#NETWORK} view who came with the receiver
     */
    record View(String group, Position id, Reason reason, Roster roster, List<String> changed) implements Event {
        public View {
            Objects.requireNonNull(group, "group");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(roster, "roster");
            changed = List.copyOf(changed);
        }

        public View(String group, Position id, Reason reason, List<String> members, List<String> changed) {
            this(group, id, reason, new Roster.Listed(members), changed);
        }
    }

    /** The signal that a {@link Reason#NETWORK} view of the group comes. */
    record Transitional(String group) implements Event {
        public Transitional {
            Objects.requireNonNull(group, "group");
        }
    }

    /**
     * The session was told that it has left the group; it gets nothing of the group after it.
     *
     * @param group    the group
     * @param position where in the order, if the surface tells it
     */
    record SelfLeave(String group, @Nullable Position position) implements Event {
        public SelfLeave {
            Objects.requireNonNull(group, "group");
        }

        public SelfLeave(String group) {
            this(group, null);
        }
    }

    /** The session's connection was lost; the session itself may go on. */
    record Disconnected() implements Event {}

    /**
     * The session is connected again.
     *
     * @param recovered whether everything missed follows, in place; if false, what lay between is missing and the
     *                  first view of each group after it restates what the session is in
     */
    record Resumed(boolean recovered) implements Event {}
}
