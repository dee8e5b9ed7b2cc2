package dev.convene.testkit.check.linear;

import java.util.List;

/** Linearizability by definition: tries every order of every choice of unseen operations. For a handful of operations. */
final class ExhaustiveSearch {

    private ExhaustiveSearch() {}

    static <S, I, O> boolean isLinearizable(Model<S, I, O> model, List<Operation<I, O>> operations) {
        return extend(model, operations, new boolean[operations.size()], model.initial());
    }

    private static <S, I, O> boolean extend(
            Model<S, I, O> model, List<Operation<I, O>> operations, boolean[] done, S state) {
        boolean complete = true;
        for (int k = 0; k < done.length; k++) {
            complete &= done[k] || !operations.get(k).hasReturned();
        }
        if (complete) {
            return true;
        }
        for (int k = 0; k < done.length; k++) {
            if (!done[k] && mayBeNext(operations, done, k)) {
                Operation<I, O> operation = operations.get(k);
                List<S> next = operation.outcome() instanceof Outcome.Returned<O> returned
                        ? model.after(state, operation.input(), returned.output())
                        : model.afterUnseen(state, operation.input());
                done[k] = true;
                for (S after : next) {
                    if (extend(model, operations, done, after)) {
                        return true;
                    }
                }
                done[k] = false;
            }
        }
        return false;
    }

    /** Whether no other operation that is still to be placed had returned before this one was called. */
    private static <I, O> boolean mayBeNext(List<Operation<I, O>> operations, boolean[] done, int k) {
        for (int other = 0; other < done.length; other++) {
            Operation<I, O> before = operations.get(other);
            if (!done[other]
                    && before.hasReturned()
                    && before.returnedAt() < operations.get(k).invokedAt()) {
                return false;
            }
        }
        return true;
    }
}
