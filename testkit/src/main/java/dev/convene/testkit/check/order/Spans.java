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

    private void addOwn() {
        Map<String, Position> joined = new HashMap<>();
        Map<String, Position> latest = new HashMap<>();
        List<Event> events = index.sessions.get(session).events();
        for (int i = 0; i < events.size(); i++) {
            switch (events.get(i)) {
                case Event.View view -> {
                    joined.putIfAbsent(view.group(), view.id());
                    latest.merge(view.id().domain(), view.id(), Spans::later);
                }
                case Event.Delivered delivered -> {
                    Position position = orderedAt(delivered);
                    if (position != null) {
                        latest.merge(position.domain(), position, Spans::later);
                    }
                }
                case Event.SelfLeave leave -> {
                    Position from = joined.remove(leave.group());
                    if (from != null) {
                        addLeft(i, leave, from, latest.get(from.domain()));
                    }
                }
                case Event.Resumed resumed -> {
                    if (!resumed.recovered()) {
                        joined.forEach((group, from) -> addLostSight(group, from, latest.get(from.domain())));
                        joined.clear();
                    }
                }
                case Event.Sent sent -> {}
                case Event.Transitional transitional -> {}
                case Event.Disconnected disconnected -> {}
            }
        }
        joined.forEach((group, from) -> {
            Timelines.Presence presence = timelines.presenceAt(index.groups.find(group), member, from);
            if (presence != null) {
                add(group, from, presence.until());
            }
        });
    }

    private void add(String group, Position from, @Nullable Position until) {
        spans.add(new Span(index.groups.find(group), from, until));
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

    private void addLeft(int i, Event.SelfLeave leave, Position from, @Nullable Position latestBefore) {
        Timelines.Presence presence = timelines.presenceAt(index.groups.find(leave.group()), member, from);
        if (presence != null) {
            Position until = leave.position();
            if (until == null && isThisLeave(i, presence)) {
                until = presence.until();
            }
            add(leave.group(), from, until != null ? until : latestBefore);
        }
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

    /** After a gap nobody knows whether it is still a member until a view says so. */
    private void addLostSight(String group, Position from, @Nullable Position latestBefore) {
        Timelines.Presence presence = timelines.presenceAt(index.groups.find(group), member, from);
        if (presence != null) {
            boolean endsBefore = latestBefore == null
                    || presence.until() != null && presence.until().isBefore(latestBefore);
            add(group, from, endsBefore ? presence.until() : latestBefore);
        }
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
                } else if (presence.isExact() && spans.stream().noneMatch(span -> told(span, group, presence))) {
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

    private static boolean told(Span span, int group, Timelines.Presence presence) {
        return span.group() == group && presence.contains(span.from());
    }

    private static Position later(Position a, Position b) {
        return b.isAfter(a) ? b : a;
    }
}
