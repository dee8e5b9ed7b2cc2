package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes one thing in a correct history. */
final class Mutation {

    /** A place in a history: an event of a session. */
    private record Place(int session, int event) {}

    /** Says where a change makes a difference that can be known. */
    interface Where {
        boolean test(SessionHistory session, int event);
    }

    /** Changes the list of one session's events at one place. */
    interface Edit {
        void apply(List<Event> events, int at);
    }

    private final List<SessionHistory> sessions;
    private final Random random;

    Mutation(List<SessionHistory> sessions, long seed) {
        this.sessions = sessions;
        this.random = new Random(seed);
    }

    /** Applies the edit at a random place where it makes a difference; the list is empty if there is none. */
    List<SessionHistory> at(Where where, Edit edit) {
        List<Place> places = new ArrayList<>();
        for (int s = 0; s < sessions.size(); s++) {
            for (int i = 0; i < sessions.get(s).events().size(); i++) {
                if (where.test(sessions.get(s), i)) {
                    places.add(new Place(s, i));
                }
            }
        }
        if (places.isEmpty()) {
            return List.of();
        }
        Place place = places.get(random.nextInt(places.size()));
        SessionHistory changed = sessions.get(place.session());
        List<Event> events = new ArrayList<>(changed.events());
        edit.apply(events, place.event());
        List<SessionHistory> result = new ArrayList<>(sessions);
        result.set(place.session(), changed.withEvents(events));
        return result;
    }

    static boolean isOrdered(Event event) {
        return event instanceof Event.Delivered delivered && delivered.level().atLeast(Level.FIFO);
    }

    static boolean inOneDomain(Event one, Event other) {
        return domain(one).equals(domain(other));
    }

    private static String domain(Event event) {
        return switch (event) {
            case Event.Delivered delivered -> delivered.domain();
            case Event.View view -> view.id().domain();
            case Event.SelfLeave leave -> Domains.of(leave.group());
            case Event.Transitional transitional -> Domains.of(transitional.group());
            case Event.Sent sent -> "";
            case Event.Disconnected disconnected -> "";
            case Event.Resumed resumed -> "";
        };
    }

    /** Whether the session was never told that something is missing. */
    static boolean hasNoGap(SessionHistory session) {
        return session.events().stream()
                .noneMatch(event -> event instanceof Event.Resumed resumed && !resumed.recovered());
    }

    /** Whether another session was told the same, or the sender that it happened. */
    boolean isKnownToOthers(SessionHistory session, Event event) {
        return sessions.stream()
                .flatMap(other -> other.events().stream().filter(known -> tells(known, event, other == session)))
                .findAny()
                .isPresent();
    }

    private static boolean tells(Event known, Event event, boolean sameSession) {
        if (event instanceof Event.View view) {
            return !sameSession
                    && known instanceof Event.View other
                    && other.group().equals(view.group())
                    && other.id().equals(view.id());
        }
        String messageId = ((Event.Delivered) event).messageId();
        return known instanceof Event.Sent sent
                        && sent.messageId().equals(messageId)
                        && !sent.acknowledgedAt().isEmpty()
                || !sameSession
                        && known instanceof Event.Delivered other
                        && other.messageId().equals(messageId)
                        && other.domain().equals(((Event.Delivered) event).domain());
    }

    static void swapWithNext(List<Event> events, int at) {
        events.set(at, events.set(at + 1, events.get(at)));
    }
}
