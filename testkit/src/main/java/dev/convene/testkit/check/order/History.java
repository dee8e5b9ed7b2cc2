package dev.convene.testkit.check.order;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a set of sessions sent and were told: the input of every {@link Checker}. Immutable; it is indexed once, when it
 * is made, in time and memory linear in the number of events.
 *
 * <p>The more sessions of a run are in it, the more is found; a session that is not in it is simply not judged. What one
 * session sent should be in it if its messages are, since order per sender and causality are read from there.
 */
public final class History {

    private final List<SessionHistory> sessions;
    private final HistoryIndex index;

    private History(List<SessionHistory> sessions) {
        this.sessions = List.copyOf(sessions);
        Set<String> ids = new HashSet<>();
        for (SessionHistory session : this.sessions) {
            if (!ids.add(session.session())) {
                throw new IllegalArgumentException("two sessions have the id " + session.session());
            }
        }
        this.index = HistoryIndex.of(this.sessions);
    }

    public static History of(List<SessionHistory> sessions) {
        return new History(sessions);
    }

    public static History of(SessionHistory... sessions) {
        return new History(Arrays.asList(sessions));
    }

    public List<SessionHistory> sessions() {
        return sessions;
    }

    /** How many events all sessions have together. */
    public long events() {
        return sessions.stream().mapToLong(session -> session.events().size()).sum();
    }

    HistoryIndex index() {
        return index;
    }
}
