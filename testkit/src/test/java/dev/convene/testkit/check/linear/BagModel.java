package dev.convene.testkit.check.linear;

import java.util.List;
import java.util.TreeSet;

/** A bag of small numbers: input 3 takes out any, another input puts that one in; unseen, it may have taken any. */
final class BagModel implements Model<List<Integer>, Integer, Integer> {

    private static final int TAKE = 3;

    @Override
    public List<Integer> initial() {
        return List.of();
    }

    @Override
    public List<List<Integer>> after(List<Integer> state, Integer input, Integer output) {
        if (input != TAKE) {
            return List.of(with(state, input));
        }
        return state.contains(output) ? List.of(without(state, output)) : List.of();
    }

    @Override
    public List<List<Integer>> afterUnseen(List<Integer> state, Integer input) {
        if (input != TAKE) {
            return List.of(with(state, input));
        }
        return state.stream().map(value -> without(state, value)).toList();
    }

    private static List<Integer> with(List<Integer> state, int value) {
        TreeSet<Integer> more = new TreeSet<>(state);
        more.add(value);
        return List.copyOf(more);
    }

    private static List<Integer> without(List<Integer> state, int value) {
        return state.stream().filter(other -> other != value).toList();
    }
}
