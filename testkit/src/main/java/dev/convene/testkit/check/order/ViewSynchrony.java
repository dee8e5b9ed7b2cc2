package dev.convene.testkit.check.order;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Virtual synchrony: members that pass through the same two consecutive views of a group get the same messages of the
 * group between them (G65), so that each message is on the same side of each view for all (G31). Formulated by Birman and
 * Joseph (1987); kept by Spread as part of extended virtual synchrony, whose partitionable part a single log does not
 * need.
 *
 * <p>Judged are messages of {@link Level#FIFO} or stronger; those that their sender asked not to get itself are left to
 * {@link NothingLost}, since their set differs at the sender by intent.
 */
public final class ViewSynchrony implements Checker {

    private static final int NAMED_MAX = 5;

    @Override
    public Violations check(History history) {
        Run run = new Run(history.index());
        for (int s = 0; s < history.sessions().size(); s++) {
            if (!history.sessions().get(s).membershipDeclined()) {
                run.walk(s);
            }
        }
        return run.found.violations();
    }

    private record Between(int group, int fromView, int toView) {}

    /** What one member got between two views: how many messages, and a sum over them that does not depend on order. */
    private record Passage(int session, int fromEvent, int toEvent, int count, long sum) {}

    /** A passage that has begun. */
    private static final class Open {

        final int view;
        final int event;
        int count;
        long sum;

        Open(int view, int event) {
            this.view = view;
            this.event = event;
        }
    }

    private static final class Run {

        private final HistoryIndex index;
        private final Violations.Collector found = new Violations.Collector();
        private final Map<Between, Passage> passages = new HashMap<>();
        private final int[][] groupsOf;
        private final int[] gotBy;

        Run(HistoryIndex index) {
            this.index = index;
            this.groupsOf = new int[index.copies.size()][];
            this.gotBy = new int[index.copies.size()];
            Arrays.fill(gotBy, -1);
        }

        void walk(int session) {
            List<Event> events = index.sessions.get(session).events();
            @Nullable Open[] open = new Open[index.groups.size()];
            for (int i = 0; i < events.size(); i++) {
                switch (events.get(i)) {
                    case Event.Delivered delivered -> delivered(session, index.item(session, i), open);
                    case Event.View view -> {
                        int number = index.item(session, i);
                        int group = index.views.get(number).group();
                        Open before = open[group];
                        if (before != null && before.view != number) {
                            passed(session, group, before, number, i);
                        }
                        open[group] = index.isRestated(session, i) ? null : new Open(number, i);
                    }
                    case Event.SelfLeave leave -> {
                        int group = index.groups.find(leave.group());
                        if (group != Interner.UNKNOWN) {
                            open[group] = null;
                        }
                    }
                    case Event.Resumed resumed -> {
                        if (!resumed.recovered()) {
                            Arrays.fill(open, null);
                        }
                    }
                    case Event.Sent sent -> {}
                    case Event.Transitional transitional -> {}
                    case Event.Disconnected disconnected -> {}
                }
            }
        }

        private void delivered(int session, int copy, @Nullable Open[] open) {
            if (gotBy[copy] == session || !isJudged(copy)) {
                return;
            }
            gotBy[copy] = session;
            for (int group : groupsOf(copy)) {
                Open current = open[group];
                if (current != null) {
                    current.count++;
                    current.sum += mixed(copy);
                }
            }
        }

        private boolean isJudged(int copy) {
            Message message = index.messageOf(copy);
            return message.level().atLeast(Level.FIFO) && !message.selfDiscard();
        }

        private int[] groupsOf(int copy) {
            int[] known = groupsOf[copy];
            if (known == null) {
                known = index.groupsOf(copy);
                groupsOf[copy] = known;
            }
            return known;
        }

        private void passed(int session, int group, Open before, int toView, int toEvent) {
            Passage passage = new Passage(session, before.event, toEvent, before.count, before.sum);
            Passage other = passages.putIfAbsent(new Between(group, before.view, toView), passage);
            if (other != null && (other.count != passage.count || other.sum != passage.sum)) {
                found.addLazily(() -> describe(group, passage, other, index.views.get(before.view), toView));
            }
        }

        private Violation describe(int group, Passage passage, Passage other, ViewInstance from, int toView) {
            Set<Integer> mine = messagesIn(passage, group);
            Set<Integer> theirs = messagesIn(other, group);
            Set<Integer> missing = new LinkedHashSet<>(theirs);
            missing.removeAll(mine);
            Set<Integer> surplus = new LinkedHashSet<>(mine);
            surplus.removeAll(theirs);
            boolean onTheOtherSide = missing.stream().anyMatch(copy -> gotAtAll(passage.session, copy))
                    || surplus.stream().anyMatch(copy -> gotAtAll(other.session, copy));
            return new DeliveryViolation.DifferentBetweenViews(
                    onTheOtherSide ? "G31" : "G65",
                    index.name(passage.session),
                    passage.toEvent,
                    index.name(other.session),
                    other.toEvent,
                    index.groups.value(group),
                    from.id(),
                    index.views.get(toView).id(),
                    names(missing),
                    names(surplus));
        }

        private Set<Integer> messagesIn(Passage passage, int group) {
            List<Event> events = index.sessions.get(passage.session).events();
            Set<Integer> messages = new LinkedHashSet<>();
            for (int i = passage.fromEvent; i < passage.toEvent; i++) {
                if (events.get(i) instanceof Event.Delivered) {
                    int copy = index.item(passage.session, i);
                    if (isJudged(copy) && Arrays.stream(groupsOf(copy)).anyMatch(g -> g == group)) {
                        messages.add(copy);
                    }
                }
            }
            return messages;
        }

        private boolean gotAtAll(int session, int copy) {
            List<Event> events = index.sessions.get(session).events();
            for (int i = 0; i < events.size(); i++) {
                if (events.get(i) instanceof Event.Delivered && index.item(session, i) == copy) {
                    return true;
                }
            }
            return false;
        }

        private List<String> names(Set<Integer> copies) {
            return copies.stream()
                    .limit(NAMED_MAX)
                    .map(copy -> index.messageOf(copy).id)
                    .toList();
        }
    }

    /** Spreads the bits of a number (Stafford's mix 13), so that sums of different sets differ. */
    private static long mixed(int number) {
        long z = number + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
