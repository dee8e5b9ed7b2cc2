package dev.convene.testkit.check.order;

import java.util.List;

/**
 * Whoever receives a regular view is in it (G23), and in a network view is among those who came with it (G51). A view
 * that tells only a count says nothing about that.
 */
public final class SelfInclusion implements Checker {

    @Override
    public Violations check(History history) {
        Violations.Collector found = new Violations.Collector();
        for (SessionHistory session : history.sessions()) {
            List<Event> events = session.events();
            for (int i = 0; i < events.size(); i++) {
                if (events.get(i) instanceof Event.View view && view.roster() instanceof Roster.Listed listed) {
                    String missing = missing(session.member(), view, listed);
                    if (!missing.isEmpty()) {
                        found.add(new ViewViolation.NotInOwnView(
                                missing, session.session(), i, view.group(), view.id(), session.member()));
                    }
                }
            }
        }
        return found.violations();
    }

    /** The broken case; empty if the member is where it has to be. */
    private static String missing(String member, Event.View view, Roster.Listed listed) {
        if (!listed.members().contains(member)) {
            return "G23";
        }
        return view.reason() == Reason.NETWORK && !view.changed().contains(member) ? "G51" : "";
    }
}
