package dev.convene.testkit.check.linear;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The search of Wing and Gong for one object, as Lowe made it fast: depth first without recursion over a linked list of
 * calls and returns, remembering every configuration (which operations have taken effect, and the state) it has been in.
 *
 * <p>Three cuts keep it small, none of which can miss an order. A read-only operation takes effect as soon as it may: in
 * every order that goes on from here it can be moved to the front. An operation that
 * nobody saw return does not take effect where that would change nothing. Of several such operations with the same input,
 * the one that was called first goes first.
 */
final class Search<S, I, O> {

    private static final int END = -1;
    private static final int NO_TWIN = -1;
    private static final int CLOCK_EVERY = 4096;

    /** How the search ended. */
    enum Result {
        /** There is an order. */
        FOUND,
        /** There is none. */
        NONE,
        /** Too many steps. */
        STEPS,
        /** Too many configurations. */
        CONFIGURATIONS,
        /** Too long. */
        TIME
    }

    private final Model<S, I, O> model;
    private final Timeline<I, O> timeline;
    private final Limits limits;
    private final EntryList entries;
    private final int[] twin;
    private final boolean[] readOnly;
    private final Effects effects;
    private final Set<Configuration> visited = new HashSet<>();
    private final ArrayDeque<Step<S>> path = new ArrayDeque<>();
    private final List<Integer> order = new ArrayList<>();
    private S state;
    private int returnsMissing;
    private long steps;
    private Result result = Result.NONE;

    /**
     * A choice that was made: this operation took effect with the one of its possible next states.
     *
     * @param before   the state before it
     * @param absorbed how many read-only operations took effect with it
     */
    private record Step<S>(int operation, S before, List<S> next, int chosen, int absorbed) {}

    Search(Model<S, I, O> model, Timeline<I, O> timeline, Limits limits) {
        this.model = model;
        this.timeline = timeline;
        this.limits = limits;
        this.entries = new EntryList(timeline);
        this.twin = twins(timeline);
        this.readOnly = readOnly(model, timeline);
        this.effects = new Effects(timeline);
        this.state = model.initial();
        this.returnsMissing = timeline.returns().size();
    }

    private static <I, O> int[] twins(Timeline<I, O> timeline) {
        int[] twin = new int[timeline.operations().size()];
        Map<I, Integer> latest = new HashMap<>();
        for (int k = 0; k < twin.length; k++) {
            Operation<I, O> operation = timeline.operation(k);
            Integer before = operation.hasReturned() ? null : latest.put(operation.input(), k);
            twin[k] = before == null ? NO_TWIN : before;
        }
        return twin;
    }

    private static <S, I, O> boolean[] readOnly(Model<S, I, O> model, Timeline<I, O> timeline) {
        boolean[] readOnly = new boolean[timeline.operations().size()];
        for (int k = 0; k < readOnly.length; k++) {
            Operation<I, O> operation = timeline.operation(k);
            readOnly[k] = operation.outcome() instanceof Outcome.Returned<O> returned
                    && model.isReadOnly(operation.input(), returned.output());
        }
        return readOnly;
    }

    Result result() {
        return result;
    }

    /** The operations in the order that was found. */
    List<Operation<I, O>> order() {
        return order.stream().map(timeline::operation).toList();
    }

    /** The state after that order. */
    S state() {
        return state;
    }

    void run() {
        long deadline = System.nanoTime() + limits.timeMax().toNanos();
        absorb();
        int entry = entries.first();
        while (returnsMissing > 0) {
            Result limit = limit(deadline);
            if (limit != Result.FOUND) {
                result = limit;
                return;
            }
            if (entry != END && timeline.isCall(entry)) {
                int operation = timeline.operationNumberAt(entry);
                boolean taken = mayGo(operation) && take(operation, next(operation), 0);
                entry = taken ? entries.first() : entries.next(entry);
            } else {
                entry = backtrack();
                if (entry == END && returnsMissing > 0) {
                    return;
                }
            }
        }
        result = Result.FOUND;
    }

    /** The limit that is reached; {@link Result#FOUND} if none is. */
    private Result limit(long deadline) {
        if (++steps > limits.stepsMax()) {
            return Result.STEPS;
        }
        if (visited.size() >= limits.configurationsMax()) {
            return Result.CONFIGURATIONS;
        }
        boolean late = steps % CLOCK_EVERY == 1 && System.nanoTime() - deadline >= 0;
        return late ? Result.TIME : Result.FOUND;
    }

    private boolean mayGo(int operation) {
        return twin[operation] == NO_TWIN || effects.has(twin[operation]);
    }

    private List<S> next(int operation) {
        Operation<I, O> called = timeline.operation(operation);
        return called.outcome() instanceof Outcome.Returned<O> returned
                ? model.after(state, called.input(), returned.output())
                : model.afterUnseen(state, called.input());
    }

    /** Lets the operation take effect with the first of its next states that leads to a configuration not seen before. */
    private boolean take(int operation, List<S> next, int from) {
        boolean unseen = !timeline.operation(operation).hasReturned();
        for (int i = from; i < next.size(); i++) {
            S chosen = next.get(i);
            if (unseen && chosen.equals(state)) {
                continue;
            }
            effects.add(operation);
            if (visited.add(effects.configuration(chosen))) {
                entries.lift(operation);
                note(operation);
                S before = state;
                state = chosen;
                path.push(new Step<>(operation, before, next, i, absorb()));
                return true;
            }
            effects.remove(operation);
        }
        return false;
    }

    private void note(int operation) {
        order.add(operation);
        if (timeline.operation(operation).hasReturned()) {
            returnsMissing--;
        }
    }

    /** Lets every read-only operation take effect that may; returns how many did. */
    private int absorb() {
        int absorbed = 0;
        int entry = entries.first();
        while (entry != END && timeline.isCall(entry)) {
            int operation = timeline.operationNumberAt(entry);
            if (readOnly[operation] && !next(operation).isEmpty()) {
                int before = entries.previous(entry);
                effects.add(operation);
                entries.lift(operation);
                note(operation);
                absorbed++;
                entry = entries.next(before);
            } else {
                entry = entries.next(entry);
            }
        }
        return absorbed;
    }

    /** Takes back choices until one can be made in another way; returns where to go on, END if none can. */
    private int backtrack() {
        while (!path.isEmpty()) {
            Step<S> step = path.pop();
            for (int i = 0; i <= step.absorbed; i++) {
                undo(order.removeLast());
            }
            state = step.before;
            if (take(step.operation, step.next, step.chosen + 1)) {
                return entries.first();
            }
            int entry = entries.next(entries.callOf(step.operation));
            if (entry != END) {
                return entry;
            }
        }
        return END;
    }

    private void undo(int operation) {
        effects.remove(operation);
        entries.restore(operation);
        if (timeline.operation(operation).hasReturned()) {
            returnsMissing++;
        }
    }

    /**
     * Which operations have taken effect. Of those that returned, all before some call usually have, so a configuration
     * keeps only where the first one that has not is, and what follows it.
     */
    private static final class Effects {

        private final BitSet returned = new BitSet();
        private final BitSet unseen = new BitSet();
        private final boolean[] hasReturned;
        private final int[] rank;
        private int settled;

        Effects(Timeline<?, ?> timeline) {
            int operations = timeline.operations().size();
            this.hasReturned = new boolean[operations];
            this.rank = new int[operations];
            int ofReturned = 0;
            int ofUnseen = 0;
            for (int k = 0; k < operations; k++) {
                hasReturned[k] = timeline.operation(k).hasReturned();
                rank[k] = hasReturned[k] ? ofReturned++ : ofUnseen++;
            }
        }

        boolean has(int operation) {
            return (hasReturned[operation] ? returned : unseen).get(rank[operation]);
        }

        void add(int operation) {
            if (hasReturned[operation]) {
                returned.set(rank[operation]);
                while (returned.get(settled)) {
                    settled++;
                }
            } else {
                unseen.set(rank[operation]);
            }
        }

        void remove(int operation) {
            if (hasReturned[operation]) {
                returned.clear(rank[operation]);
                settled = Math.min(settled, rank[operation]);
            } else {
                unseen.clear(rank[operation]);
            }
        }

        Configuration configuration(Object state) {
            BitSet window = returned.get(settled, Math.max(settled, returned.length()));
            return new Configuration(settled, window, (BitSet) unseen.clone(), state);
        }
    }

    /** Where a search has been: which operations had taken effect, and the state. */
    private record Configuration(int settled, BitSet window, BitSet unseen, Object state) {}
}
