package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each session is told of its groups fits together: first its own join view (G9, G10, G12), then views that follow
 * from each other by the change they name (G15, G16, G24), a session that is lost goes exactly once (G49), a lost gateway
 * is one transitional signal and one network view (G50, G51), nothing of a group comes after leaving it (G14, G33), nobody
 * stays as a ghost (G56), and who declined membership messages gets none (G19).
 */
public final class Membership implements Checker {

    @Override
    public Violations check(History history) {
        HistoryIndex index = history.index();
        Violations.Collector found = new Violations.Collector();
        for (int s = 0; s < history.sessions().size(); s++) {
            new Receiver(index, s, found).walk();
        }
        checkCompany(index, found);
        return found.violations();
    }

    /** Those who came into a network view together are the same set for each of them, and within the members. */
    private static void checkCompany(HistoryIndex index, Violations.Collector found) {
        Map<Integer, List<Set<String>>> companies = new HashMap<>();
        for (int s = 0; s < index.sessions.size(); s++) {
            List<Event> events = index.sessions.get(s).events();
            for (int i = 0; i < events.size(); i++) {
                if (events.get(i) instanceof Event.View view
                        && view.reason() == Reason.NETWORK
                        && view.roster() instanceof Roster.Listed listed) {
                    Set<String> company = new HashSet<>(view.changed());
                    List<Set<String>> others = companies.computeIfAbsent(index.item(s, i), number -> new ArrayList<>());
                    String wrong = wrongCompany(company, listed.members(), others);
                    if (!wrong.isEmpty()) {
                        found.add(
                                new MembershipViolation.WrongCompany(index.name(s), i, view.group(), view.id(), wrong));
                    }
                }
            }
        }
    }

    private static String wrongCompany(Set<String> company, List<String> members, List<Set<String>> others) {
        if (!new HashSet<>(members).containsAll(company)) {
            return "some who came with it are no members: " + MembershipViolation.some(company);
        }
        if (others.contains(company)) {
            return "";
        }
        for (Set<String> other : others) {
            if (!Collections.disjoint(company, other)) {
                return "those who came with it, " + MembershipViolation.some(company)
                        + ", are neither the same as nor apart from those of another member, "
                        + MembershipViolation.some(other);
            }
        }
        others.add(company);
        return "";
    }

    /** One receiver's own story, told group by group. */
    private static final class Receiver {

        private final HistoryIndex index;
        private final SessionHistory session;
        private final Violations.Collector found;
        private final Map<String, Standing> standings = new HashMap<>();
        private boolean afterGap;
        private boolean connected = true;

        Receiver(HistoryIndex index, int session, Violations.Collector found) {
            this.index = index;
            this.session = index.sessions.get(session);
            this.found = found;
        }

        void walk() {
            List<Event> events = session.events();
            for (int i = 0; i < events.size(); i++) {
                switch (events.get(i)) {
                    case Event.Delivered delivered -> delivered(i, delivered);
                    case Event.View view -> {
                        if (isWelcome(i, view.group(), "a " + view.reason() + " view")) {
                            viewed(i, view);
                        }
                    }
                    case Event.Transitional signal -> {
                        if (isWelcome(i, signal.group(), "a transitional signal")) {
                            signalled(i, signal.group());
                        }
                    }
                    case Event.SelfLeave leave -> {
                        if (isWelcome(i, leave.group(), "a self-leave")) {
                            left(i, leave.group());
                        }
                    }
                    case Event.Disconnected disconnected -> connected = false;
                    case Event.Resumed resumed -> {
                        connected = true;
                        if (!resumed.recovered()) {
                            standings.clear();
                            afterGap = true;
                        }
                    }
                    case Event.Sent sent -> {}
                }
            }
            if (session.ending() == Ending.DRAINED && connected) {
                standings.forEach(this::checkNoGhosts);
            }
        }

        private boolean isWelcome(int i, String group, String what) {
            if (session.membershipDeclined()) {
                found.add(new MembershipViolation.ToldUnasked(session.session(), i, group, what));
            }
            return !session.membershipDeclined();
        }

        /** How the session stands with a group that it is in; null if it is not. */
        private @Nullable Standing membershipIn(String group) {
            Standing standing = standings.get(group);
            return standing != null && standing.isMember() ? standing : null;
        }

        private void viewed(int i, Event.View view) {
            Standing standing = membershipIn(view.group());
            if (standing != null) {
                next(i, view, standing);
                standings.put(view.group(), standing.afterView(i, view));
                return;
            }
            if (view.reason() == Reason.JOIN && view.changed().contains(session.member())) {
                report(i, view.group(), Succession.ofJoinView(view));
            } else {
                outside(i, view.group(), "a " + view.reason() + " view");
            }
            standings.put(view.group(), Standing.joined(i, view));
        }

        private void next(int i, Event.View view, Standing standing) {
            if (standing.signalled() != (view.reason() == Reason.NETWORK)) {
                found.add(new MembershipViolation.TransitionalMisplaced(
                        session.session(),
                        i,
                        view.group(),
                        standing.signalled()
                                ? "a " + view.reason() + " view after a transitional signal"
                                : "a NETWORK view without a transitional signal"));
            }
            if (view.reason() == Reason.JOIN && view.changed().contains(session.member())) {
                found.add(new MembershipViolation.JoinedTwice(session.session(), i, view.group(), standing.joinedAt()));
            } else {
                report(i, view.group(), Succession.between(standing.view(), view));
            }
        }

        private void report(int i, String group, Succession.Flaw flaw) {
            if (!flaw.isNone()) {
                found.add(new MembershipViolation.WrongSuccession(
                        flaw.contractCase(), session.session(), i, group, flaw.what()));
            }
        }

        private void signalled(int i, String group) {
            Standing standing = membershipIn(group);
            if (standing == null) {
                outside(i, group, "a transitional signal");
            } else if (standing.signalled()) {
                found.add(new MembershipViolation.TransitionalMisplaced(
                        session.session(), i, group, "a second transitional signal before a view"));
            } else {
                standings.put(group, standing.afterSignal());
            }
        }

        private void left(int i, String group) {
            Standing standing = membershipIn(group);
            if (standing != null) {
                standings.put(group, standing.afterLeaving(i));
            } else {
                outside(i, group, "a self-leave");
            }
        }

        private void delivered(int i, Event.Delivered delivered) {
            if (session.membershipDeclined() || delivered.groups().contains(session.member())) {
                return;
            }
            Position joinedLast = null;
            for (String target : delivered.groups()) {
                Standing standing = membershipIn(target);
                if (standing != null) {
                    if (!isBeforeJoin(delivered.position(), standing.joinedId())) {
                        return;
                    }
                    joinedLast = standing.joinedId();
                }
            }
            if (mayBeUnderAnother(delivered)) {
                return;
            }
            if (joinedLast != null && delivered.position() != null) {
                found.add(new MembershipViolation.OrderedBeforeJoin(
                        session.session(), i, delivered.messageId(), delivered.position(), joinedLast));
            } else {
                delivered.groups().stream()
                        .filter(target -> !Domains.isPrivate(target))
                        .findFirst()
                        .ifPresent(group -> outside(i, leftOr(group, delivered), "message " + delivered.messageId()));
            }
        }

        /** Whether one of the groups may have been joined in what was not recovered. */
        private boolean mayBeUnderAnother(Event.Delivered delivered) {
            return afterGap
                    && delivered.groups().stream()
                            .anyMatch(target -> !Domains.isPrivate(target) && !standings.containsKey(target));
        }

        private static boolean isBeforeJoin(@Nullable Position position, Position joined) {
            return position != null && position.isBefore(joined);
        }

        private String leftOr(String group, Event.Delivered delivered) {
            return delivered.groups().stream()
                    .filter(standings::containsKey)
                    .findFirst()
                    .orElse(group);
        }

        private void outside(int i, String group, String what) {
            Standing standing = standings.get(group);
            if (standing != null) {
                found.add(new MembershipViolation.AfterSelfLeave(session.session(), i, group, what, standing.leftAt()));
            } else if (!afterGap) {
                found.add(new MembershipViolation.NotJoinFirst(session.session(), i, group, what));
            }
        }

        private void checkNoGhosts(String group, Standing standing) {
            if (standing.isMember() && standing.view().roster() instanceof Roster.Listed listed) {
                for (String member : listed.members()) {
                    List<Integer> bearers = index.sessionsOf(member);
                    boolean gone = !bearers.isEmpty()
                            && bearers.stream()
                                    .allMatch(s -> index.sessions.get(s).ending() == Ending.GONE);
                    if (gone) {
                        found.add(new MembershipViolation.GhostMember(
                                "G56",
                                session.session(),
                                standing.viewedAt(),
                                group,
                                member,
                                index.name(bearers.getLast())));
                    }
                }
            }
        }
    }
}
