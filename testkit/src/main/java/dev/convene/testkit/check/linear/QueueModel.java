package dev.convene.testkit.check.linear;

import java.util.ArrayList;
import java.util.List;

/**
 * A queue, first in first out, with or without a bound. The state is what is in it, oldest first; an operation copies it,
 * so it is made for queues that hold hundreds at a time, not millions.
 *
 * @param <V> what is put in
 */
public final class QueueModel<V> implements Model<List<V>, QueueModel.Input<V>, QueueModel.Output<V>> {

    /** The bound of a queue that has none. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    private final int sizeMax;

    /** What can be asked of a queue. */
    public sealed interface Input<V> {

        /** Put this in. */
        record Put<V>(V value) implements Input<V> {}

        /** Take the oldest out. */
        record Take<V>() implements Input<V> {}
    }

    /** What a queue answers. */
    public sealed interface Output<V> {

        /** It is in. */
        record Done<V>() implements Output<V> {}

        /** It is out. */
        record Taken<V>(V value) implements Output<V> {}

        /** There was nothing to take, at the moment of the answer. */
        record Empty<V>() implements Output<V> {}

        /** There was no room, at the moment of the answer. */
        record Full<V>() implements Output<V> {}

        /** It waited, and its time was up. */
        record TimedOut<V>() implements Output<V> {}
    }

    /** A queue without a bound. */
    public QueueModel() {
        this(UNBOUNDED);
    }

    /** @param sizeMax how many it holds at most */
    public QueueModel(int sizeMax) {
        if (sizeMax < 1) {
            throw new IllegalArgumentException("a queue holds at least one: " + sizeMax);
        }
        this.sizeMax = sizeMax;
    }

    @Override
    public List<V> initial() {
        return List.of();
    }

    @Override
    public List<List<V>> after(List<V> state, Input<V> input, Output<V> output) {
        boolean put = input instanceof Input.Put;
        return switch (output) {
            case Output.Done<V> done -> put ? afterUnseen(state, input) : List.of();
            case Output.Taken<V> taken ->
                !put && !state.isEmpty() && state.getFirst().equals(taken.value())
                        ? afterUnseen(state, input)
                        : List.of();
            case Output.Empty<V> empty -> !put && state.isEmpty() ? List.of(state) : List.of();
            case Output.Full<V> full -> put && state.size() >= sizeMax ? List.of(state) : List.of();
            case Output.TimedOut<V> timedOut -> List.of(state);
        };
    }

    @Override
    public List<List<V>> afterUnseen(List<V> state, Input<V> input) {
        return switch (input) {
            case Input.Put<V> put -> state.size() < sizeMax ? List.of(with(state, put.value())) : List.of();
            case Input.Take<V> take ->
                state.isEmpty() ? List.of() : List.of(List.copyOf(state.subList(1, state.size())));
        };
    }

    @Override
    public boolean isReadOnly(Input<V> input, Output<V> output) {
        return switch (output) {
            case Output.Done<V> done -> false;
            case Output.Taken<V> taken -> false;
            case Output.Empty<V> empty -> true;
            case Output.Full<V> full -> true;
            case Output.TimedOut<V> timedOut -> true;
        };
    }

    /** Values that are never put twice make long histories decidable: give each one its own. */
    @Override
    public Foresight<List<V>, Input<V>, Output<V>> foresee(List<Operation<Input<V>, Output<V>>> operations) {
        return QueueForesight.of(this, operations);
    }

    boolean isBounded() {
        return sizeMax != UNBOUNDED;
    }

    private static <V> List<V> with(List<V> state, V value) {
        List<V> longer = new ArrayList<>(state.size() + 1);
        longer.addAll(state);
        longer.add(value);
        return List.copyOf(longer);
    }
}
