package dev.convene.testkit.check.order;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Between which views of a group there certainly was no other: somebody was told both, one directly after the other, and
 * was a member all the time.
 */
final class Witnesses {

    private record Step(int view, int next) {}

    private final Set<Step> steps = new HashSet<>();
    private final Set<Integer> last = new HashSet<>();

    Witnesses(HistoryIndex index) {
        for (int s = 0; s < index.sessions.size(); s++) {
            walk(index, s);
        }
    }

    private void walk(HistoryIndex index, int session) {
        List<Event> events = index.sessions.get(session).events();
        @Nullable Integer[] latest = new Integer[index.groups.size()];
        for (int i = 0; i < events.size(); i++) {
            switch (events.get(i)) {
                case Event.View view -> {
                    int number = index.item(session, i);
                    int group = index.views.get(number).group();
                    Integer before = latest[group];
                    if (before != null) {
                        steps.add(new Step(before, number));
                    }
                    latest[group] = number;
                }
                case Event.SelfLeave leave -> {
                    int group = index.groups.find(leave.group());
                    if (group != Interner.UNKNOWN) {
                        latest[group] = null;
                    }
                }
                case Event.Resumed resumed -> {
                    if (!resumed.recovered()) {
                        latest = new Integer[index.groups.size()];
                    }
                }
                case Event.Sent sent -> {}
                case Event.Delivered delivered -> {}
                case Event.Transitional transitional -> {}
                case Event.Disconnected disconnected -> {}
            }
        }
        if (index.sessions.get(session).ending() == Ending.DRAINED) {
            for (Integer view : latest) {
                if (view != null) {
                    last.add(view);
                }
            }
        }
    }

    /** Whether somebody was told {@code next} directly after {@code view}. */
    boolean sawStep(ViewInstance view, ViewInstance next) {
        return steps.contains(new Step(view.number(), next.number()));
    }

    /** Whether somebody waited to the end in this view and was told no other. */
    boolean sawNothingAfter(ViewInstance view) {
        return last.contains(view.number());
    }
}
