package dev.convene.testkit.check.linear;

import java.util.List;

/**
 * What an object does when it is used by one client at a time. States are immutable values with {@code equals} and
 * {@code hashCode}; the methods have no effects.
 *
 * @param <S> the object's state
 * @param <I> what an operation is called with
 * @param <O> what it returns
 */
public interface Model<S, I, O> {

    /** The state before the first operation. */
    S initial();

    /**
     * The states that the object may be in after the operation returned this output.
     *
     * @return none if the operation cannot return this output in this state; one for an object that decides everything
     *     by itself; several if it is free to choose
     */
    List<S> after(S state, I input, O output);

    /**
     * The states that the object may be in after an operation whose output nobody saw took effect.
     *
     * @return none if in this state it can have no effect
     */
    List<S> afterUnseen(S state, I input);

    /**
     * Whether an operation with this input and output leaves every state as it is. Saying so is never necessary, but makes
     * the search much faster: such an operation can be explained at the first moment at which it is possible.
     */
    default boolean isReadOnly(I input, O output) {
        return false;
    }

    /**
     * Looks at all that was done with the object before the search begins. Never necessary either; most models foresee
     * nothing.
     */
    default Foresight<S, I, O> foresee(List<Operation<I, O>> operations) {
        return Foresight.none(this, operations);
    }
}
