package dev.convene.groupservice.core.sessions;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The sessions that a lost gateway life served when it was lost and that were not resumed since. */
final class StrandedSessions {
    private final long incarnation;
    private final long graceTimer;
    private final NavigableMap<Long, Session> sessions = new TreeMap<>();

    /** @param graceTimer the timer that ends them together */
    StrandedSessions(long incarnation, long graceTimer) {
        this.incarnation = incarnation;
        this.graceTimer = graceTimer;
    }

    /** The lost life. */
    long incarnation() {
        return incarnation;
    }

    long graceTimer() {
        return graceTimer;
    }

    /** By id. */
    Collection<Session> sessions() {
        return Collections.unmodifiableCollection(sessions.values());
    }

    boolean isEmpty() {
        return sessions.isEmpty();
    }

    void add(Session session) {
        sessions.put(session.id(), session);
    }

    void remove(Session session) {
        sessions.remove(session.id());
    }
}
