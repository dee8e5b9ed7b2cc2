package dev.convene.testkit.check.order;

import java.util.Collection;

/** What a member was told of a group's membership does not fit together. */
public sealed interface MembershipViolation extends Violation {

    /** The first that a session heard of a group was not its own join view. */
    record NotJoinFirst(String receiver, int index, String group, String what) implements MembershipViolation {
        @Override
        public String contractCase() {
            return "G10";
        }

        @Override
        public String explanation() {
            return receiver + " got " + what + " of " + group + " (event " + index
                    + ") before any view by which it joined";
        }
    }

    /** A message that was ordered before the join view came after it. */
    record OrderedBeforeJoin(String receiver, int index, String messageId, Position position, Position joinedAt)
            implements MembershipViolation {
        @Override
        public String contractCase() {
            return "G10";
        }

        @Override
        public String explanation() {
            return receiver + " got message " + messageId + " at " + position + " (event " + index
                    + "), which is before it joined at " + joinedAt;
        }
    }

    /** Something of a group came after the session had been told that it had left. */
    record AfterSelfLeave(String receiver, int index, String group, String what, int leftIndex)
            implements MembershipViolation {
        @Override
        public String contractCase() {
            return "G14";
        }

        @Override
        public String explanation() {
            return receiver + " got " + what + " of " + group + " (event " + index + ") after it had left (event "
                    + leftIndex + ")";
        }
    }

    /** A member was told by a view that it joined what it was in already. */
    record JoinedTwice(String receiver, int index, String group, int joinedIndex) implements MembershipViolation {
        @Override
        public String contractCase() {
            return "G12";
        }

        @Override
        public String explanation() {
            return receiver + " got a second join view of itself in " + group + " (event " + index
                    + ") while it was a member since event " + joinedIndex;
        }
    }

    /** A session that had declined membership messages got one. */
    record ToldUnasked(String receiver, int index, String group, String what) implements MembershipViolation {
        @Override
        public String contractCase() {
            return "G19";
        }

        @Override
        public String explanation() {
            return receiver + " got " + what + " of " + group + " (event " + index
                    + ") though it had declined membership messages";
        }
    }

    /** A view does not follow from the one before by the change that it names. */
    record WrongSuccession(String contractCase, String receiver, int index, String group, String what)
            implements MembershipViolation {
        @Override
        public String explanation() {
            return receiver + " got a view of " + group + " (event " + index
                    + ") that does not follow from the one before: " + what;
        }
    }

    /** The sets of those who came together into a network view do not divide its members. */
    record WrongCompany(String receiver, int index, String group, Position id, String what)
            implements MembershipViolation {
        @Override
        public String contractCase() {
            return "G51";
        }

        @Override
        public String explanation() {
            return receiver + " got the network view " + id + " of " + group + " (event " + index + "), where " + what;
        }
    }

    /** A transitional signal without its network view, a network view without its signal, or a second signal. */
    record TransitionalMisplaced(String receiver, int index, String group, String what) implements MembershipViolation {
        @Override
        public String contractCase() {
            return "G50";
        }

        @Override
        public String explanation() {
            return receiver + " got " + what + " in " + group + " (event " + index + ")";
        }
    }

    /** A session that has ended is still in the last view of a group. */
    record GhostMember(String contractCase, String receiver, int index, String group, String member, String session)
            implements MembershipViolation {
        @Override
        public String explanation() {
            return "the last view of " + group + " that " + receiver + " got (event " + index + ") still lists "
                    + member + ", whose session " + session + " had ended long before";
        }
    }

    /** Names for an explanation, a bounded number of them. */
    static String some(Collection<String> names) {
        final int shown = 8;
        if (names.size() <= shown) {
            return names.toString();
        }
        return names.stream().limit(shown).toList() + " and " + (names.size() - shown) + " more";
    }
}
