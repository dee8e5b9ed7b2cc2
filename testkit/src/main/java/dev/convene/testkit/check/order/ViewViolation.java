package dev.convene.testkit.check.order;

/** Members were not told the same views. */
public sealed interface ViewViolation extends Violation {

    /** A session received a view that it is not in. */
    record NotInOwnView(String contractCase, String receiver, int index, String group, Position id, String member)
            implements ViewViolation {
        @Override
        public String explanation() {
            return receiver + " received the view " + id + " of " + group + " (event " + index + "), in which its own "
                    + member + " is missing";
        }
    }

    /** One view id stands for different views. */
    record ViewsDiffer(
            String contractCase,
            String receiver,
            int index,
            String group,
            Position id,
            String told,
            String other,
            String toldToOther)
            implements ViewViolation {
        @Override
        public String explanation() {
            return "the view " + id + " of " + group + " is " + told + " to " + receiver + " (event " + index
                    + "), but " + toldToOther + " to " + other;
        }
    }

    /** A receiver got the same view twice. */
    record ViewRepeated(String receiver, int index, String group, Position id) implements ViewViolation {
        @Override
        public String contractCase() {
            return "G22";
        }

        @Override
        public String explanation() {
            return receiver + " got the view " + id + " of " + group + " again (event " + index + ")";
        }
    }

    /** A receiver got an older view after a newer one. */
    record StaleView(String receiver, int index, String group, Position id, Position newer) implements ViewViolation {
        @Override
        public String contractCase() {
            return "G55";
        }

        @Override
        public String explanation() {
            return receiver + " got the view " + id + " of " + group + " (event " + index + ") after the newer view "
                    + newer;
        }
    }

    /**
     * A member never got a view of its group that others got.
     *
     * @param index the receiver's first event that was ordered after the view; the number of its events if there is none
     */
    record ViewMissed(String contractCase, String receiver, int index, String group, Position id, String toldTo)
            implements ViewViolation {
        @Override
        public String explanation() {
            return receiver + " never got the view " + id + " of " + group + ", which " + toldTo
                    + " got and in which it is; the gap is before event " + index;
        }
    }
}
