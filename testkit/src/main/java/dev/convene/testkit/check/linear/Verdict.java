package dev.convene.testkit.check.linear;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is known of a set of operations after looking for an order.
 *
 * @param <I> what operations are called with
 * @param <O> what operations return
 */
public sealed interface Verdict<I, O> {

    /** Every object's operations can be put in one order that explains all they returned. */
    record Ok<I, O>() implements Verdict<I, O> {}

    /**
     * There is no such order.
     *
     * @param key     the object
     * @param prefix  the shortest beginning of its history that was shown to have none: what had been called by then, in
     *                the order of the calls; what had not returned by then is shown as unseen
     * @param culprit the operation by whose return it became impossible
     * @param witness an order that explains everything before that return; what took effect in it within narrower bounds
     *                than the call and the return is shown with those; empty if none was found within the limits
     * @param state   the object's state after the witness; empty text without one
     */
    record Violation<I, O>(
            String key,
            List<Operation<I, O>> prefix,
            Operation<I, O> culprit,
            List<Operation<I, O>> witness,
            String state)
            implements Verdict<I, O> {

        private static final int SHOWN_MAX = 20;

        public Violation {
            prefix = List.copyOf(prefix);
            witness = List.copyOf(witness);
        }

        /** The culprit, what was pending when it returned, and the end of the witness, one operation a line. */
        public String explanation() {
            List<Operation<I, O>> pending = prefix.stream()
                    .filter(operation -> !operation.hasReturned())
                    .toList();
            return "no order explains the first " + prefix.size() + " operations on " + key
                    + ". It becomes impossible by\n"
                    + lines(List.of(culprit)) + "\n"
                    + (state.isEmpty() ? "What explained everything before that return was not found.\n" : before())
                    + "Not returned by then:\n"
                    + lines(pending.subList(0, Math.min(SHOWN_MAX, pending.size())));
        }

        private String before() {
            int left = Math.max(0, witness.size() - SHOWN_MAX);
            return "Before that return "
                    + (left == 0 ? "this order" : "an order of " + witness.size() + " that ends so")
                    + " explained everything, with the state " + state + ":\n"
                    + lines(witness.subList(left, witness.size())) + "\n";
        }

        private static <I, O> String lines(List<Operation<I, O>> operations) {
            return operations.isEmpty()
                    ? "  (none)"
                    : operations.stream().map(operation -> "  " + operation).collect(Collectors.joining("\n"));
        }

        @Override
        public String toString() {
            return explanation();
        }
    }

    /**
     * The search ended before it knew.
     *
     * @param key   the object
     * @param limit which limit it reached
     */
    record Unknown<I, O>(String key, Limit limit) implements Verdict<I, O> {}

    /** What a search can run out of. */
    enum Limit {
        /** {@link Limits#stepsMax}. */
        STEPS,
        /** {@link Limits#configurationsMax}. */
        CONFIGURATIONS,
        /** {@link Limits#timeMax}. */
        TIME
    }
}
