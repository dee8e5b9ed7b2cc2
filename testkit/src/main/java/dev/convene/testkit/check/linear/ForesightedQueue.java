package dev.convene.testkit.check.linear;

import dev.convene.testkit.check.linear.QueueModel.Input;
import dev.convene.testkit.check.linear.QueueModel.Output;
import java.util.List;
import java.util.Map;

/**
 * A queue that knows who will take what, and so refuses a put behind a value that can only be taken later, and a take that
 * nobody saw of a value that somebody else takes.
 */
final class ForesightedQueue<V> implements Model<List<V>, Input<V>, Output<V>> {

    private final QueueModel<V> queue;
    private final Map<V, Take> takes;
    private final long firstUnseenTake;

    /** Between which moments a value is taken. */
    record Take(long from, long to) {}

    /**
     * @param takes           when values are taken that somebody was given
     * @param firstUnseenTake from when on a value may have gone to a taker that nobody saw return
     */
    ForesightedQueue(QueueModel<V> queue, Map<V, Take> takes, long firstUnseenTake) {
        this.queue = queue;
        this.takes = takes;
        this.firstUnseenTake = firstUnseenTake;
    }

    @Override
    public List<V> initial() {
        return queue.initial();
    }

    @Override
    public List<List<V>> after(List<V> state, Input<V> input, Output<V> output) {
        boolean tooLate =
                output instanceof Output.Done && input instanceof Input.Put<V> put && !fits(state, put.value());
        return tooLate ? List.of() : queue.after(state, input, output);
    }

    @Override
    public List<List<V>> afterUnseen(List<V> state, Input<V> input) {
        boolean possible = switch (input) {
            case Input.Put<V> put -> fits(state, put.value());
            case Input.Take<V> take -> state.isEmpty() || !takes.containsKey(state.getFirst());
        };
        return possible ? queue.afterUnseen(state, input) : List.of();
    }

    @Override
    public boolean isReadOnly(Input<V> input, Output<V> output) {
        return queue.isReadOnly(input, output);
    }

    /** Whether everything in the queue can be taken before this value is. */
    private boolean fits(List<V> state, V value) {
        Take take = takes.get(value);
        if (take == null) {
            return true;
        }
        for (V earlier : state) {
            Take before = takes.get(earlier);
            if ((before == null ? firstUnseenTake : before.from) > take.to) {
                return false;
            }
        }
        return true;
    }
}
