package dev.convene.testkit.check.linear;

import java.util.List;

/**
 * What a model makes of operations when it may look at all of them before the search begins: the same question, easier to
 * decide.
 *
 * @param model      a model that may refuse at once what can only lead to something impossible later
 * @param operations those given, in the same order; their intervals may be narrower where the effect cannot lie in the rest
 * @param impossible whether it is plain that there is no order
 * @param <S>        the object's state
 * @param <I>        what operations are called with
 * @param <O>        what operations return
 */
public record Foresight<S, I, O>(Model<S, I, O> model, List<Operation<I, O>> operations, boolean impossible) {

    public Foresight {
        operations = List.copyOf(operations);
    }

    /** Nothing is foreseen. */
    static <S, I, O> Foresight<S, I, O> none(Model<S, I, O> model, List<Operation<I, O>> operations) {
        return new Foresight<>(model, operations, false);
    }
}
