package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far one session certainly came in each domain. What is ordered before something that it got in order, it must have
 * got; what comes after the last it got, it must have got only if its recorder waited for everything. A resume without
 * recovery leaves a gap in which nothing is demanded.
 */
final class Reach {

    /** From the first to the last position between two gaps; before the first one, unless a gap is there, too. */
    private record Stretch(Position first, Position last, boolean afterGap) {

        boolean hasStartedAt(Position position) {
            return !afterGap || !position.isBefore(first);
        }

        Stretch upTo(Position position) {
            return position.isAfter(last) ? new Stretch(first, position, afterGap) : this;
        }
    }

    private record Arrival(Position position, int event) {}

    private final Map<String, List<Stretch>> stretches = new HashMap<>();
    private final Map<String, List<Arrival>> arrivals = new HashMap<>();
    private final Map<String, Stretch> open = new HashMap<>();
    private final int events;
    private final boolean drained;
    private boolean gapBefore;
    private boolean connected = true;

    Reach(HistoryIndex index, int session) {
        SessionHistory history = index.sessions.get(session);
        this.events = history.events().size();
        for (int i = 0; i < events; i++) {
            switch (history.events().get(i)) {
                case Event.View view -> {
                    if (!index.isRestated(session, i)) {
                        arrived(view.id(), i);
                    }
                }
                case Event.Delivered delivered -> {
                    if (delivered.position() != null && delivered.level().atLeast(Level.FIFO)) {
                        arrived(delivered.position(), i);
                    }
                }
                case Event.SelfLeave leave -> {
                    if (leave.position() != null) {
                        arrived(leave.position(), i);
                    }
                }
                case Event.Disconnected disconnected -> connected = false;
                case Event.Resumed resumed -> resumed(resumed);
                case Event.Sent sent -> {}
                case Event.Transitional transitional -> {}
            }
        }
        this.drained = history.ending() == Ending.DRAINED && connected;
        open.forEach(this::close);
    }

    private void arrived(Position position, int event) {
        Stretch started = open.get(position.domain());
        open.put(
                position.domain(),
                started == null ? new Stretch(position, position, gapBefore) : started.upTo(position));
        arrivals.computeIfAbsent(position.domain(), domain -> new ArrayList<>()).add(new Arrival(position, event));
    }

    private void resumed(Event.Resumed resumed) {
        connected = true;
        if (!resumed.recovered()) {
            open.forEach(this::close);
            open.clear();
            gapBefore = true;
        }
    }

    private void close(String domain, Stretch stretch) {
        stretches.computeIfAbsent(domain, name -> new ArrayList<>()).add(stretch);
    }

    /** Whether the recorder waited until nothing more was to come. */
    boolean isDrained() {
        return drained;
    }

    /**
     * Whether a session that is entitled to what is at this position must have it. What is at the very last position it
     * got something from need not have come: one record can make views of several groups.
     */
    boolean mustHave(Position position) {
        for (Stretch stretch : stretches.getOrDefault(position.domain(), List.of())) {
            if (stretch.hasStartedAt(position) && position.isBefore(stretch.last)) {
                return true;
            }
        }
        if (!drained) {
            return false;
        }
        Stretch current = open.get(position.domain());
        return current == null ? !gapBefore : current.hasStartedAt(position);
    }

    /** Whether the session had got something in this domain before this position. */
    boolean hadStartedBefore(Position position) {
        List<Stretch> known = stretches.getOrDefault(position.domain(), List.of());
        return !known.isEmpty() && known.getFirst().first.isBefore(position);
    }

    /** The first event that is ordered after this position; the number of events if there is none. */
    int firstEventAfter(Position position) {
        for (Arrival arrival : arrivals.getOrDefault(position.domain(), List.of())) {
            if (arrival.position.isAfter(position)) {
                return arrival.event;
            }
        }
        return events;
    }
}
