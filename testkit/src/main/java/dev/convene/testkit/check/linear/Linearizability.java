package dev.convene.testkit.check.linear;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Checks whether operations are linearizable with respect to a model. Linearizability is local (Herlihy and Wing 1990,
 * theorem 1): every object is searched by itself. Immutable and thread-safe.
 *
 * @param <S> the object's state
 * @param <I> what operations are called with
 * @param <O> what operations return
 */
public final class Linearizability<S, I, O> {

    private final Model<S, I, O> model;
    private final Limits limits;

    /** Checks within {@link Limits#DEFAULT} for each search. */
    public Linearizability(Model<S, I, O> model) {
        this(model, Limits.DEFAULT);
    }

    /**
     * @param model  what one object does
     * @param limits for each search; explaining a violation takes a few more, each within a twentieth of that
     */
    public Linearizability(Model<S, I, O> model, Limits limits) {
        this.model = Objects.requireNonNull(model, "model");
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /**
     * Looks for an order for each object. A violation of any object counts more than one that could not be decided.
     *
     * @param operations in any order
     */
    public Verdict<I, O> check(List<Operation<I, O>> operations) {
        Map<String, List<Operation<I, O>>> byKey = new LinkedHashMap<>();
        for (Operation<I, O> operation : operations) {
            byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
        }
        Verdict<I, O> verdict = new Verdict.Ok<>();
        for (Map.Entry<String, List<Operation<I, O>>> object : byKey.entrySet()) {
            Timeline<I, O> timeline = new Timeline<>(object.getValue());
            Solution<S, I, O> solution = solve(timeline, limits);
            switch (solution.result()) {
                case FOUND -> {}
                case NONE -> {
                    return explain(object.getKey(), timeline);
                }
                case STEPS, CONFIGURATIONS, TIME ->
                    verdict = new Verdict.Unknown<>(
                            object.getKey(),
                            Verdict.Limit.valueOf(solution.result().name()));
            }
        }
        return verdict;
    }

    /**
     * Ends a test: does nothing when there is an order.
     *
     * @throws AssertionError with the explanation if there is none, or if that could not be decided
     */
    public void requireOk(List<Operation<I, O>> operations) {
        switch (check(operations)) {
            case Verdict.Ok<I, O> ok -> {}
            case Verdict.Violation<I, O> violation -> throw new AssertionError(violation.explanation());
            case Verdict.Unknown<I, O> unknown ->
                throw new AssertionError("undecided for " + unknown.key() + ": out of " + unknown.limit());
        }
    }

    /** What a search came to: the order and the last state only if there is an order. */
    private record Solution<S, I, O>(Search.Result result, List<Operation<I, O>> order, String state) {}

    private Solution<S, I, O> solve(Timeline<I, O> timeline, Limits within) {
        Foresight<S, I, O> foresight = model.foresee(timeline.operations());
        if (foresight.impossible()) {
            return new Solution<>(Search.Result.NONE, List.of(), "");
        }
        Search<S, I, O> search = new Search<>(foresight.model(), new Timeline<>(foresight.operations()), within);
        search.run();
        return search.result() == Search.Result.FOUND
                ? new Solution<>(search.result(), search.order(), String.valueOf(search.state()))
                : new Solution<>(search.result(), List.of(), "");
    }

    /**
     * Finds the shortest beginning that can be shown to have no order: beginnings of what has an order have one, so it can
     * be bisected.
     */
    private Verdict<I, O> explain(String key, Timeline<I, O> timeline) {
        List<Integer> returns = timeline.returns();
        int low = 0;
        int high = returns.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (solve(timeline.upTo(returns.get(middle)), limits.forExplaining())
                            .result()
                    == Search.Result.NONE) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        int last = returns.get(high);
        Solution<S, I, O> before = solve(timeline.upTo(last - 1), limits.forExplaining());
        return new Verdict.Violation<>(
                key, timeline.upTo(last).operations(), timeline.operationAt(last), before.order(), before.state());
    }
}
