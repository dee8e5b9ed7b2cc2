package dev.convene.testkit.check.linear;

import java.util.List;
import java.util.Optional;

/**
 * A register that holds one value or none: read, write, compare and set.
 *
 * @param <V> the values
 */
public final class RegisterModel<V> implements Model<Optional<V>, RegisterModel.Input<V>, RegisterModel.Output<V>> {

    /** What can be asked of a register. */
    public sealed interface Input<V> {

        /** What is in it? */
        record Read<V>() implements Input<V> {}

        /** Put this in. */
        record Write<V>(V value) implements Input<V> {}

        /** Put this in if that is in it; an empty {@code expected} stands for a register that was never written. */
        record CompareAndSet<V>(Optional<V> expected, V value) implements Input<V> {}
    }

    /** What a register answers. */
    public sealed interface Output<V> {

        /** This is in it; empty if it was never written. */
        record Value<V>(Optional<V> value) implements Output<V> {}

        /** It is put in: the answer to a write, and to a compare and set that found what it expected. */
        record Done<V>() implements Output<V> {}

        /** Something else was in it. */
        record Unequal<V>() implements Output<V> {}
    }

    @Override
    public Optional<V> initial() {
        return Optional.empty();
    }

    @Override
    public List<Optional<V>> after(Optional<V> state, Input<V> input, Output<V> output) {
        boolean possible = switch (output) {
            case Output.Value<V> read ->
                input instanceof Input.Read && read.value().equals(state);
            case Output.Done<V> done ->
                !(input instanceof Input.Read) && !afterUnseen(state, input).isEmpty();
            case Output.Unequal<V> unequal ->
                input instanceof Input.CompareAndSet<V> swap && !swap.expected().equals(state);
        };
        if (!possible) {
            return List.of();
        }
        return output instanceof Output.Done ? afterUnseen(state, input) : List.of(state);
    }

    @Override
    public List<Optional<V>> afterUnseen(Optional<V> state, Input<V> input) {
        return switch (input) {
            case Input.Read<V> read -> List.of();
            case Input.Write<V> write -> List.of(Optional.of(write.value()));
            case Input.CompareAndSet<V> swap ->
                swap.expected().equals(state) ? List.of(Optional.of(swap.value())) : List.of();
        };
    }

    @Override
    public boolean isReadOnly(Input<V> input, Output<V> output) {
        return !(output instanceof Output.Done);
    }
}
