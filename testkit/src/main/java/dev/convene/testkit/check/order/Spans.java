package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From where to where a session was certainly a member of its groups. Its own views and self-leaves say so first; the
 * views of others bound it, and stand in where the session itself was told nothing.
 */
final class Spans {

    /**
     * A stretch of certain membership.
     *
     * @param group the group's number
     * @param from  the first position, inclusive
     * @param until the end, exclusive; null if there is none
     */
    record Span(int group, Position from, @Nullable Position until) {

        boolean contains(Position position) {
            return position.domain().equals(from.domain())
                    && !position.isBefore(from)
                    && (until == null || position.isBefore(until));
        }
    }

    private final HistoryIndex index;
    private final Timelines timelines;
    private final int session;
    private final String member;
    private final List<Span> spans = new ArrayList<>();
    private final Map<String, List<Position>> ownViews = new HashMap<>();

    /** A stay that has not ended: the view by which it began, and the latest. */
    private record Stay(Position from, Position lastView) {

        Stay upTo(Position view) {
            return new Stay(from, view);
        }

        String domain() {
            return from.domain();
        }
    }

    private Spans(HistoryIndex index, Timelines timelines, int session) {
        this.index = index;
        this.timelines = timelines;
        this.session = session;
        this.member = index.sessions.get(session).member();
    }

    /** The stretches of one session, in no particular order. */
    static List<Span> of(HistoryIndex index, Timelines timelines, int session) {
        Spans spans = new Spans(index, timelines, session);
        spans.addOwn();
        spans.addUntold();
        return spans.spans;
    }

    /** What the session itself was told: it is a member from a view on until it is told that it has left. */
    private void addOwn() {
        Map<String, Stay> stays = new HashMap<>();
        Map<String, Position> latest = new HashMap<>();
        List<Event> events = index.sessions.get(session).events();
        for (int i = 0; i < events.size(); i++) {
            Position position = orderedAt(events.get(i));
            switch (events.get(i)) {
                case Event.View view -> {
                    stays.merge(view.group(), new Stay(view.id(), view.id()), (stay, now) -> stay.upTo(view.id()));
                    ownViews.computeIfAbsent(view.group(), group -> new ArrayList<>())
                            .add(view.id());
                }
                case Event.SelfLeave leave -> {
                    Stay stay = stays.remove(leave.group());
                    if (stay != null) {
                        add(leave.group(), stay.from, endOf(i, leave, stay, latest));
                    }
                }
                case Event.Resumed resumed -> {
                    if (!resumed.recovered()) {
                        stays.forEach((group, stay) -> add(group, stay.from, latest.get(stay.domain())));
                        stays.clear();
                    }
                }
                case Event.Delivered delivered -> {}
                case Event.Sent sent -> {}
                case Event.Transitional transitional -> {}
                case Event.Disconnected disconnected -> {}
            }
            if (position != null) {
                latest.merge(position.domain(), position, (a, b) -> b.isAfter(a) ? b : a);
            }
        }
        stays.forEach((group, stay) -> {
            Timelines.Presence presence = presenceAt(group, stay.lastView);
            add(group, stay.from, presence == null ? null : presence.until());
        });
    }

    private void add(String group, Position from, @Nullable Position until) {
        spans.add(new Span(index.groups.find(group), from, until));
    }

    private Timelines.@Nullable Presence presenceAt(String group, Position position) {
        return timelines.presenceAt(index.groups.find(group), member, position);
    }

    /** Where the leave is: as told, else as others saw it, else no earlier than what came before it. */
    private @Nullable Position endOf(int event, Event.SelfLeave leave, Stay stay, Map<String, Position> latest) {
        if (leave.position() != null) {
            return leave.position();
        }
        Timelines.Presence presence = presenceAt(leave.group(), stay.lastView);
        return presence != null && isThisLeave(event, presence) ? presence.until() : latest.get(stay.domain());
    }

    private static @Nullable Position orderedAt(Event event) {
        return switch (event) {
            case Event.View view -> view.id();
            case Event.Delivered delivered -> delivered.level().atLeast(Level.FIFO) ? delivered.position() : null;
            case Event.SelfLeave leave -> leave.position();
            case Event.Sent sent -> null;
            case Event.Transitional transitional -> null;
            case Event.Disconnected disconnected -> null;
            case Event.Resumed resumed -> null;
        };
    }

    /** What others saw is this leave, and not one after a later join, if it lies before the next that came in order. */
    private boolean isThisLeave(int leaveEvent, Timelines.Presence presence) {
        Position seenByOthers = presence.until();
        if (presence.end() != Timelines.End.LEFT || seenByOthers == null) {
            return false;
        }
        SessionHistory history = index.sessions.get(session);
        for (Event event :
                history.events().subList(leaveEvent + 1, history.events().size())) {
            Position next = orderedAt(event);
            if (next != null && next.domain().equals(seenByOthers.domain())) {
                return !next.isBefore(seenByOthers);
            }
        }
        return history.ending() == Ending.DRAINED;
    }

    /** Where others saw the member and it was told of no view itself; if it has no gap in which it may have been told. */
    private void addUntold() {
        boolean declined = index.sessions.get(session).membershipDeclined();
        if (!declined && hasGap()) {
            return;
        }
        for (int group : timelines.groupsOf(member)) {
            for (Timelines.Presence presence : timelines.presences(group, member)) {
                if (!isOwn(presence)) {
                    continue;
                }
                if (declined) {
                    addWitnessed(group, presence);
                } else if (presence.isExact() && !wasTold(group, presence)) {
                    spans.add(new Span(group, presence.from(), presence.until()));
                }
            }
        }
    }

    /** Whether it was this session and no other of the same name: names are unique among those that live. */
    private boolean isOwn(Timelines.Presence presence) {
        if (index.sessionsOf(member).size() == 1) {
            return true;
        }
        SessionHistory history = index.sessions.get(session);
        return history.ending() == Ending.DRAINED
                && history.events().stream()
                        .map(Spans::orderedAt)
                        .anyMatch(position -> position != null && position.isBefore(presence.from()));
    }

    private boolean hasGap() {
        return index.sessions.get(session).events().stream()
                .anyMatch(event -> event instanceof Event.Resumed resumed && !resumed.recovered());
    }

    /** Who gets no membership messages may leave and come back unseen wherever nobody saw that there was no other view. */
    private void addWitnessed(int group, Timelines.Presence presence) {
        List<ViewInstance> views = timelines.viewsIn(new Span(group, presence.from(), presence.until()));
        int first = 0;
        for (int i = 0; i < views.size(); i++) {
            Position until = timelines.endOfWitnessed(views.get(i));
            boolean goesOn = i + 1 < views.size() && views.get(i + 1).id().equals(until);
            if (!goesOn) {
                Position openEnd = timelines.isWitnessedToTheEnd(views.get(i))
                        ? null
                        : views.get(i).id();
                spans.add(new Span(group, views.get(first).id(), until != null ? until : openEnd));
                first = i + 1;
            }
        }
    }

    private boolean wasTold(int group, Timelines.Presence presence) {
        return ownViews.getOrDefault(index.groups.value(group), List.of()).stream()
                .anyMatch(presence::contains);
    }
}
