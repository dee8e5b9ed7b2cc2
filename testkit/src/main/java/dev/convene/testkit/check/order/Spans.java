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
        if (index.sessionsOf(spans.member).size() == 1) {
            spans.addUntold();
        }
        return spans.spans;
    }

    private void addOwn() {
        Map<String, Position> joined = new HashMap<>();
        Map<String, Position> latest = new HashMap<>();
        for (Event event : index.sessions.get(session).events()) {
            switch (event) {
                case Event.View view -> {
                    joined.putIfAbsent(view.group(), view.id());
                    latest.merge(view.id().domain(), view.id(), Spans::later);
                }
                case Event.Delivered delivered -> {
                    Position position = delivered.position();
                    if (position != null && delivered.level().atLeast(Level.FIFO)) {
                        latest.merge(position.domain(), position, Spans::later);
                    }
                }
                case Event.SelfLeave leave -> {
                    Position since = joined.remove(leave.group());
                    if (since != null) {
                        addLeft(leave, since, latest.get(since.domain()));
                    }
                }
                case Event.Sent sent -> {}
                case Event.Transitional transitional -> {}
                case Event.Disconnected disconnected -> {}
                case Event.Resumed resumed -> {}
            }
        }
        joined.forEach((name, since) -> {
            int group = index.groups.find(name);
            Timelines.Presence presence = timelines.presenceAt(group, member, since);
            if (presence != null) {
                spans.add(new Span(group, since, presence.until()));
            }
        });
    }

    private void addLeft(Event.SelfLeave leave, Position from, @Nullable Position latestBefore) {
        int group = index.groups.find(leave.group());
        Timelines.Presence presence = timelines.presenceAt(group, member, from);
        if (presence == null) {
            return;
        }
        Position until = leave.position();
        if (until == null) {
            until = presence.exact() && presence.until() != null ? presence.until() : latestBefore;
        }
        spans.add(new Span(group, from, until));
    }

    /** Where others saw the member and it was told of no view itself. */
    private void addUntold() {
        for (int group : timelines.groupsOf(member)) {
            for (Timelines.Presence presence : timelines.presences(group, member)) {
                if (presence.exact() && spans.stream().noneMatch(span -> told(span, group, presence))) {
                    spans.add(new Span(group, presence.from(), presence.until()));
                }
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
