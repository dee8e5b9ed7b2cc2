package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes down one session while it runs. Thread-safe: a session usually sends from one thread and receives on another;
 * the order of the calls is the order of the events. Bounded by {@link #EVENTS_MAX}.
 */
public final class SessionRecorder {

    /** More events than this in one session are refused: the checkers' indexes are arrays. */
    public static final int EVENTS_MAX = 50_000_000;

    private final String session;
    private final String member;
    private final List<Event> events = new ArrayList<>();
    private final Map<String, Integer> sentAt = new HashMap<>();
    private boolean membershipDeclined;
    private Ending ending = Ending.CUT;

    /**
     * @param session identifies the session incarnation
     * @param member  its private name
     */
    public SessionRecorder(String session, String member) {
        this.session = Objects.requireNonNull(session, "session");
        this.member = Objects.requireNonNull(member, "member");
    }

    /** Appends an event. */
    public synchronized SessionRecorder add(Event event) {
        if (events.size() == EVENTS_MAX) {
            throw new IllegalStateException("session " + session + " has " + EVENTS_MAX + " events already");
        }
        if (event instanceof Event.Sent sent) {
            sentAt.put(sent.messageId(), events.size());
        }
        events.add(event);
        return this;
    }

    /** Notes that the message sent earlier under this id was acknowledged at these positions, one for each domain. */
    public synchronized SessionRecorder acknowledged(String messageId, List<Position> positions) {
        Integer index = sentAt.get(messageId);
        if (index == null) {
            throw new IllegalArgumentException("session " + session + " has sent no message " + messageId);
        }
        events.set(index, ((Event.Sent) events.get(index)).acknowledged(positions));
        return this;
    }

    /** Notes that the session asked for no membership messages. */
    public synchronized SessionRecorder declinesMembership() {
        membershipDeclined = true;
        return this;
    }

    /** Notes how the record ends; without this call it is {@link Ending#CUT}. */
    public synchronized SessionRecorder ends(Ending how) {
        ending = Objects.requireNonNull(how, "how");
        return this;
    }

    /** What was written down so far. */
    public synchronized SessionHistory toHistory() {
        return new SessionHistory(session, member, membershipDeclined, ending, events);
    }
}
