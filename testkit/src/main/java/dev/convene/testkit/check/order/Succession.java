package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a view of a group follows from the one before it by the change that it names. */
final class Succession {

    /** What is wrong, and the case of the contract that it breaks; both empty if nothing is. */
    record Flaw(String contractCase, String what) {

        static final Flaw NONE = new Flaw("", "");

        boolean isNone() {
            return what.isEmpty();
        }
    }

    private Succession() {}

    /** Judges two consecutive views of one group at one receiver. */
    static Flaw between(Event.View before, Event.View after) {
        if (before.roster() instanceof Roster.Listed from && after.roster() instanceof Roster.Listed to) {
            return switch (after.reason()) {
                case JOIN -> afterJoin(from.members(), after.changed(), to.members());
                case LEAVE -> afterRemoval("G15", from.members(), after.changed(), to.members());
                case DISCONNECT -> afterRemoval("G16", from.members(), after.changed(), to.members());
                case NETWORK -> afterNetwork(from.members(), to.members());
            };
        }
        return bySize(size(before.roster()), after);
    }

    /** Judges the view by which a session joined: the joiners are its youngest members. */
    static Flaw ofJoinView(Event.View view) {
        if (!(view.roster() instanceof Roster.Listed listed)) {
            return Flaw.NONE;
        }
        List<String> members = listed.members();
        int older = members.size() - view.changed().size();
        boolean youngest = older >= 0 && members.subList(older, members.size()).equals(view.changed());
        return youngest ? Flaw.NONE : new Flaw("G9", "the joiners " + view.changed() + " are not its youngest members");
    }

    private static Flaw afterJoin(List<String> from, List<String> joiners, List<String> to) {
        List<String> expected = new ArrayList<>(from);
        expected.addAll(joiners);
        if (joiners.isEmpty() || !expected.equals(to)) {
            return new Flaw("G24", differs(from, "joined by " + joiners, to));
        }
        return Flaw.NONE;
    }

    private static Flaw afterRemoval(String contractCase, List<String> from, List<String> gone, List<String> to) {
        Set<String> left = new HashSet<>(gone);
        if (gone.isEmpty() || !new HashSet<>(from).containsAll(left)) {
            String second = contractCase.equals("G16") ? "G49" : contractCase;
            return new Flaw(second, gone + " are said to be gone, but the view before had not all of them");
        }
        List<String> expected =
                from.stream().filter(member -> !left.contains(member)).toList();
        return expected.equals(to)
                ? Flaw.NONE
                : new Flaw(contractCase, differs(from, "without " + MembershipViolation.some(gone), to));
    }

    private static Flaw afterNetwork(List<String> from, List<String> to) {
        Set<String> remaining = new HashSet<>(to);
        List<String> expected = from.stream().filter(remaining::contains).toList();
        if (!expected.equals(to) || to.size() == from.size()) {
            return new Flaw("G50", differs(from, "after the loss of a gateway", to));
        }
        return Flaw.NONE;
    }

    private static Flaw bySize(int before, Event.View after) {
        int now = size(after.roster());
        boolean follows = switch (after.reason()) {
            case JOIN -> now == before + after.changed().size();
            case LEAVE, DISCONNECT -> now == before - after.changed().size();
            case NETWORK -> now < before;
        };
        return follows
                ? Flaw.NONE
                : new Flaw(
                        "G24",
                        before + " members became " + now + " by " + after.reason() + " of "
                                + MembershipViolation.some(after.changed()));
    }

    private static int size(Roster roster) {
        return switch (roster) {
            case Roster.Listed listed -> listed.members().size();
            case Roster.Counted counted -> counted.size();
        };
    }

    private static String differs(List<String> from, String change, List<String> to) {
        return MembershipViolation.some(from) + " " + change + " is not " + MembershipViolation.some(to);
    }
}
