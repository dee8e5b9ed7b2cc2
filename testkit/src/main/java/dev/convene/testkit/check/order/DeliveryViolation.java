package dev.convene.testkit.check.order;

import java.util.List;

/** A message came to somebody once too often, not at all, or not as it was sent. */
public sealed interface DeliveryViolation extends Violation {

    /** The receiver got one message twice. */
    record DeliveredTwice(String contractCase, String receiver, int index, String messageId, int firstIndex)
            implements DeliveryViolation {
        @Override
        public String explanation() {
            return receiver + " got message " + messageId + " twice: as event " + firstIndex + " and as event " + index;
        }
    }

    /**
     * A message that is in the order never came to a session that had to get it.
     *
     * @param index the receiver's first event that was ordered after the message; the number of its events if there is
     *              none
     * @param evidence how it is known that the message was ordered
     */
    record MessageLost(
            String contractCase,
            String receiver,
            int index,
            String messageId,
            Position position,
            String target,
            String evidence)
            implements DeliveryViolation {
        @Override
        public String explanation() {
            return receiver + " never got message " + messageId + " to " + target + " at " + position
                    + ", where it had to get it; the message is known to be there because " + evidence
                    + "; the gap is before event " + index;
        }
    }

    /** Two members went through the same two consecutive views with different messages between them. */
    record DifferentBetweenViews(
            String contractCase,
            String receiver,
            int index,
            String other,
            int otherIndex,
            String group,
            Position from,
            Position to,
            List<String> missing,
            List<String> surplus)
            implements DeliveryViolation {
        public DifferentBetweenViews {
            missing = List.copyOf(missing);
            surplus = List.copyOf(surplus);
        }

        @Override
        public String explanation() {
            return "between the views " + from + " and " + to + " of " + group + " (the latter is event " + index
                    + " of " + receiver + " and event " + otherIndex + " of " + other + ") " + receiver
                    + " lacks messages " + missing + " that " + other + " got, and got " + surplus + " that " + other
                    + " lacks";
        }
    }

    /** What was delivered is not what was sent. */
    record Altered(String contractCase, String receiver, int index, String messageId, String what)
            implements DeliveryViolation {
        @Override
        public String explanation() {
            return receiver + " got message " + messageId + " (event " + index + ") altered: " + what;
        }
    }

    /** A message came to a session that none of its targets reaches. */
    record NotForReceiver(String contractCase, String receiver, int index, String messageId, String why)
            implements DeliveryViolation {
        @Override
        public String explanation() {
            return receiver + " got message " + messageId + " (event " + index + "), which is not for it: " + why;
        }
    }

    /** A message of a session came after the view that said that this session had ended. */
    record FromTheDead(String receiver, int index, String messageId, String sender, String group, int viewIndex)
            implements DeliveryViolation {
        @Override
        public String contractCase() {
            return "G54";
        }

        @Override
        public String explanation() {
            return receiver + " got message " + messageId + " (event " + index + ") of " + sender
                    + " after the view of " + group + " (event " + viewIndex + ") by which that session was dead";
        }
    }
}
