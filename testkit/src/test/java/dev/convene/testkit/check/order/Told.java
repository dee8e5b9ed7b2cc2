package dev.convene.testkit.check.order;

import java.util.List;

/** Short words for events in domain {@code default}, so that a history in a test reads like a story. */
final class Told {

    static final String A = "#a#1";
    static final String B = "#b#1";
    static final String C = "#c#2";

    private Told() {}

    static Position at(long offset) {
        return Position.of("default", offset);
    }

    static Position at(String domain, long offset) {
        return Position.of(domain, offset);
    }

    static Event.View joined(String group, long offset, String joiner, String... members) {
        return new Event.View(group, at(offset), Reason.JOIN, List.of(members), List.of(joiner));
    }

    static Event.View left(String group, long offset, String leaver, String... members) {
        return new Event.View(group, at(offset), Reason.LEAVE, List.of(members), List.of(leaver));
    }

    static Event.View lost(String group, long offset, String gone, String... members) {
        return new Event.View(group, at(offset), Reason.DISCONNECT, List.of(members), List.of(gone));
    }

    static Event.View network(String group, long offset, List<String> company, String... members) {
        return new Event.View(group, at(offset), Reason.NETWORK, List.of(members), company);
    }

    static Event.Sent sent(String message, Level level, String... targets) {
        return new Event.Sent(message, level, List.of(targets), false, List.of());
    }

    static Event.Sent acked(String message, Level level, long offset, String... targets) {
        return new Event.Sent(message, level, List.of(targets), false, List.of(at(offset)));
    }

    static Event.Delivered got(String message, String sender, Level level, long offset, String... groups) {
        return new Event.Delivered(message, sender, List.of(groups), level, at(offset));
    }

    static Event.Delivered got(
            String message, String sender, Level level, String domain, long offset, String... groups) {
        return new Event.Delivered(message, sender, List.of(groups), level, at(domain, offset));
    }

    /** A delivery on a surface that tells no positions. */
    static Event.Delivered gotSomewhere(String message, String sender, Level level, String... groups) {
        return new Event.Delivered(message, sender, List.of(groups), level, null);
    }

    static SessionHistory session(String id, String member, Event... events) {
        return new SessionHistory(id, member, Ending.DRAINED, List.of(events));
    }

    static SessionHistory gone(String id, String member, Event... events) {
        return new SessionHistory(id, member, Ending.GONE, List.of(events));
    }

    static SessionHistory cut(String id, String member, Event... events) {
        return new SessionHistory(id, member, Ending.CUT, List.of(events));
    }
}
