package dev.convene.testkit.check.order;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everybody is told the same views: a view id stands for one view instance and no other (G11, G17, G18), each group's
 * views come to each receiver in the order of their ids and none twice (G22, G55), and no member misses one (G10, G24).
 *
 * <p>Two instances that in truth are one, told to different members under different ids, show as views that each of them
 * missed.
 */
public final class SameViews implements Checker {

    @Override
    public Violations check(History history) {
        HistoryIndex index = history.index();
        Violations.Collector found = new Violations.Collector();
        Timelines timelines = Timelines.of(index);
        for (int s = 0; s < history.sessions().size(); s++) {
            walk(index, s, found);
            if (!history.sessions().get(s).membershipDeclined()) {
                checkNoneMissed(index, timelines, s, found);
            }
        }
        return found.violations();
    }

    private static void walk(HistoryIndex index, int session, Violations.Collector found) {
        List<Event> events = index.sessions.get(session).events();
        Map<String, Position> newest = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof Event.View view) {
                checkSameAsOthers(index, session, i, view, found);
                Position before = index.isRestated(session, i) ? null : newest.get(view.group());
                if (before != null && view.id().equals(before)) {
                    found.add(new ViewViolation.ViewRepeated(index.name(session), i, view.group(), view.id()));
                } else if (before != null && view.id().isBefore(before)) {
                    found.add(new ViewViolation.StaleView(index.name(session), i, view.group(), view.id(), before));
                } else {
                    newest.put(view.group(), view.id());
                }
            }
        }
    }

    private static void checkSameAsOthers(
            HistoryIndex index, int session, int i, Event.View view, Violations.Collector found) {
        ViewInstance first = index.views.get(index.item(session, i));
        Event.View other = first.view();
        boolean sameChange = view.reason() == other.reason()
                && (view.reason() == Reason.NETWORK || view.changed().equals(other.changed()));
        if (!sameChange || !view.roster().equals(other.roster())) {
            String contractCase = view.reason() == other.reason() && sameSize(view, other) ? "G11" : "G18";
            found.add(new ViewViolation.ViewsDiffer(
                    contractCase,
                    index.name(session),
                    i,
                    view.group(),
                    view.id(),
                    describe(view),
                    first.toldTo(),
                    describe(other)));
        }
    }

    private static boolean sameSize(Event.View one, Event.View other) {
        return size(one.roster()) == size(other.roster());
    }

    private static int size(Roster roster) {
        return switch (roster) {
            case Roster.Listed listed -> listed.members().size();
            case Roster.Counted counted -> counted.size();
        };
    }

    private static String describe(Event.View view) {
        String members = switch (view.roster()) {
            case Roster.Listed listed -> MembershipViolation.some(listed.members());
            case Roster.Counted counted -> counted.size() + " members, digest " + counted.digest();
        };
        return view.reason() + " of " + MembershipViolation.some(view.changed()) + " with " + members;
    }

    private static void checkNoneMissed(
            HistoryIndex index, Timelines timelines, int session, Violations.Collector found) {
        List<Event> events = index.sessions.get(session).events();
        BitSet got = new BitSet();
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof Event.View) {
                got.set(index.item(session, i));
            }
        }
        Reach reach = new Reach(index, session);
        for (Spans.Span span : Spans.of(index, timelines, session)) {
            for (ViewInstance view : timelines.viewsIn(span)) {
                if (!got.get(view.number()) && reach.mustHave(view.id())) {
                    missed(index, session, view, span, reach, found);
                }
            }
        }
    }

    private static void missed(
            HistoryIndex index,
            int session,
            ViewInstance view,
            Spans.Span span,
            Reach reach,
            Violations.Collector found) {
        found.addLazily(() -> new ViewViolation.ViewMissed(
                view.id().equals(span.from()) ? "G10" : "G24",
                index.name(session),
                reach.firstEventAfter(view.id()),
                view.view().group(),
                view.id(),
                view.toldTo()));
    }
}
