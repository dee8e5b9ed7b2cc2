package dev.convene.testkit.check.order;

import java.util.List;
import java.util.Objects;

/**
 * Everything one session did and was told, in its own order.
 *
 * @param session            identifies the session incarnation, unique in the history: a later session that reuses the
 *                           name is another one
 * @param member             its private name, which is its name as a member and as a sender
 * @param membershipDeclined whether it asked for no membership messages
 * @param ending             what is known after the last event
 * @param events             the events
 */
public record SessionHistory(
        String session, String member, boolean membershipDeclined, Ending ending, List<Event> events) {

    public SessionHistory {
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(member, "member");
        Objects.requireNonNull(ending, "ending");
        events = List.copyOf(events);
    }

    /** A session that got membership messages. */
    public SessionHistory(String session, String member, Ending ending, List<Event> events) {
        this(session, member, false, ending, events);
    }

    /** The same session with other events. */
    public SessionHistory withEvents(List<Event> others) {
        return new SessionHistory(session, member, membershipDeclined, ending, others);
    }
}
