package dev.convene.testkit.check.order;

import java.util.List;
import java.util.stream.Collectors;

/** Something came in an order that was not promised. */
public sealed interface OrderViolation extends Violation {

    /**
     * One step of a contradiction: this receiver saw this item before that one.
     *
     * @param receiver     who
     * @param earlierIndex its event that came first
     * @param earlier      what that was
     * @param laterIndex   its event that came later
     * @param later        what that was
     */
    record Step(String receiver, int earlierIndex, String earlier, int laterIndex, String later) {
        @Override
        public String toString() {
            return receiver + " saw " + earlier + " (event " + earlierIndex + ") before " + later + " (event "
                    + laterIndex + ")";
        }
    }

    /** Receivers contradict each other: following the steps, something comes before itself. */
    record Contradiction(String contractCase, List<Step> steps) implements OrderViolation {
        public Contradiction {
            steps = List.copyOf(steps);
        }

        @Override
        public String receiver() {
            return steps.getFirst().receiver();
        }

        @Override
        public int index() {
            return steps.getFirst().laterIndex();
        }

        @Override
        public String explanation() {
            return "there is no one order that all saw: "
                    + steps.stream().map(Step::toString).collect(Collectors.joining(", but "));
        }
    }

    /** A receiver was given something at a position that is not after the one it had already. */
    record PositionWentBack(
            String contractCase,
            String receiver,
            int index,
            String item,
            Position position,
            int earlierIndex,
            Position earlierPosition)
            implements OrderViolation {
        @Override
        public String explanation() {
            return receiver + " got " + item + " at " + position + " (event " + index + ") after it had come to "
                    + earlierPosition + " (event " + earlierIndex + ")";
        }
    }

    /** Two receivers, or a receiver and the acknowledgement, were told different positions for one message. */
    record PositionsDiffer(
            String receiver, int index, String messageId, Position position, String other, Position otherPosition)
            implements OrderViolation {
        @Override
        public String contractCase() {
            return "G42";
        }

        @Override
        public String explanation() {
            return receiver + " was told that message " + messageId + " is at " + position + " (event " + index
                    + "), but " + other + " was told that it is at " + otherPosition;
        }
    }

    /** One position was given to two different things. */
    record PositionShared(String receiver, int index, String item, Position position, String otherItem)
            implements OrderViolation {
        @Override
        public String contractCase() {
            return "G42";
        }

        @Override
        public String explanation() {
            return receiver + " got " + item + " at " + position + " (event " + index + "), but " + otherItem
                    + " is at that position too";
        }
    }

    /** Two messages of one sender came in the other order. */
    record FifoInverted(
            String contractCase,
            String receiver,
            int index,
            String sender,
            String earlierSent,
            String laterSent,
            int laterSentIndex)
            implements OrderViolation {
        @Override
        public String explanation() {
            return receiver + " got message " + earlierSent + " (event " + index + ") after message " + laterSent
                    + " (event " + laterSentIndex + "), which " + sender + " sent later";
        }
    }

    /** A message came before one that causally precedes it. */
    record EffectBeforeCause(String receiver, int index, String effect, int causeIndex, String cause)
            implements OrderViolation {
        @Override
        public String contractCase() {
            return "G29";
        }

        @Override
        public String explanation() {
            return receiver + " got message " + effect + " (event " + index + ") before message " + cause + " (event "
                    + causeIndex + "), which causally precedes it";
        }
    }

    /** A message was delivered although its sending follows from that very delivery, or comes later at its sender. */
    record DeliveredBeforeSent(String receiver, int index, String messageId, String sender, int sentIndex)
            implements OrderViolation {
        @Override
        public String contractCase() {
            return "G29";
        }

        @Override
        public String explanation() {
            return receiver + " got message " + messageId + " (event " + index + "), but " + sender + " sent it (event "
                    + sentIndex + ") only after something that follows from this delivery";
        }
    }

    /** A message was placed before a view that its sender had received before it sent the message. */
    record OvertookView(String receiver, int index, String messageId, Position position, Position viewId)
            implements OrderViolation {
        @Override
        public String contractCase() {
            return "G32";
        }

        @Override
        public String explanation() {
            return receiver + " sent message " + messageId + " (event " + index + ") after it had received the view "
                    + viewId + ", but the message was placed before it, at " + position;
        }
    }
}
