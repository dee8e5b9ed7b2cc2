package dev.convene.testkit.check.linear;

import dev.convene.testkit.check.linear.QueueModel.Input;
import dev.convene.testkit.check.linear.QueueModel.Output;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What can be known of a queue by looking at everything that was done with it, if no value is put twice: who took which
 * value, and so which of two values was first. The violations are those of Henzinger, Sezgin and Vafeiadis
 * ("Aspect-Oriented Linearizability Proofs", 2013): a value from nowhere, a value taken twice, an order reversed.
 */
final class QueueForesight<V> {

    private static final int NOBODY = -1;

    private final QueueModel<V> queue;
    private final List<Operation<Input<V>, Output<V>>> operations;
    private final Map<V, Integer> putOf = new HashMap<>();
    private final Map<V, Integer> takeOf = new HashMap<>();
    private long firstUnseenTake = Long.MAX_VALUE;
    private boolean putTwice;
    private boolean impossible;

    private QueueForesight(QueueModel<V> queue, List<Operation<Input<V>, Output<V>>> operations) {
        this.queue = queue;
        this.operations = operations;
        for (int k = 0; k < operations.size(); k++) {
            switch (operations.get(k).input()) {
                case Input.Put<V> put -> putTwice |= mayBeIn(k) && putOf.put(put.value(), k) != null;
                case Input.Take<V> take -> addTake(k);
            }
        }
        impossible |= !putOf.keySet().containsAll(takeOf.keySet());
    }

    static <V> Foresight<List<V>, Input<V>, Output<V>> of(
            QueueModel<V> queue, List<Operation<Input<V>, Output<V>>> operations) {
        QueueForesight<V> foresight = new QueueForesight<>(queue, operations);
        return foresight.putTwice ? Foresight.none(queue, operations) : foresight.foresee();
    }

    private boolean mayBeIn(int k) {
        return switch (operations.get(k).outcome()) {
            case Outcome.Returned<Output<V>> returned -> returned.output() instanceof Output.Done;
            case Outcome.Unseen<Output<V>> unseen -> true;
            case Outcome.DidNotHappen<Output<V>> didNotHappen -> false;
        };
    }

    private void addTake(int k) {
        Operation<Input<V>, Output<V>> take = operations.get(k);
        switch (take.outcome()) {
            case Outcome.Returned<Output<V>> returned -> {
                if (returned.output() instanceof Output.Taken<V> taken) {
                    impossible |= takeOf.put(taken.value(), k) != null;
                }
            }
            case Outcome.Unseen<Output<V>> unseen -> firstUnseenTake = Math.min(firstUnseenTake, take.invokedAt());
            case Outcome.DidNotHappen<Output<V>> didNotHappen -> {}
        }
    }

    private Foresight<List<V>, Input<V>, Output<V>> foresee() {
        if (impossible) {
            return new Foresight<>(queue, operations, true);
        }
        List<V> taken = new ArrayList<>(takeOf.keySet());
        Intervals intervals = new Intervals(taken.size());
        for (int v = 0; v < taken.size(); v++) {
            Operation<Input<V>, Output<V>> put = put(taken.get(v));
            Operation<Input<V>, Output<V>> take = operations.get(takeOf.getOrDefault(taken.get(v), NOBODY));
            intervals.putFrom[v] = put.invokedAt();
            intervals.putTo[v] = put.hasReturned() ? put.returnedAt() : Long.MAX_VALUE;
            intervals.takeFrom[v] = take.invokedAt();
            intervals.takeTo[v] = take.returnedAt();
        }
        intervals.narrow();
        if (intervals.isImpossible()) {
            return new Foresight<>(queue, operations, true);
        }
        return new Foresight<>(
                new ForesightedQueue<>(queue, takes(taken, intervals), firstUnseenTake),
                narrowed(taken, intervals),
                false);
    }

    private Operation<Input<V>, Output<V>> put(V value) {
        return operations.get(putOf.getOrDefault(value, NOBODY));
    }

    private Map<V, ForesightedQueue.Take> takes(List<V> taken, Intervals intervals) {
        Map<V, ForesightedQueue.Take> takes = new HashMap<>();
        for (int v = 0; v < taken.size(); v++) {
            takes.put(taken.get(v), new ForesightedQueue.Take(intervals.takeFrom[v], intervals.takeTo[v]));
        }
        return takes;
    }

    private List<Operation<Input<V>, Output<V>>> narrowed(List<V> taken, Intervals intervals) {
        List<Operation<Input<V>, Output<V>>> narrowed = new ArrayList<>(operations);
        for (int v = 0; v < taken.size(); v++) {
            int put = putOf.getOrDefault(taken.get(v), NOBODY);
            int take = takeOf.getOrDefault(taken.get(v), NOBODY);
            narrowed.set(
                    put, operations.get(put).during(new Output.Done<>(), intervals.putFrom[v], intervals.putTo[v]));
            narrowed.set(
                    take,
                    operations
                            .get(take)
                            .during(new Output.Taken<>(taken.get(v)), intervals.takeFrom[v], intervals.takeTo[v]));
        }
        if (!queue.isBounded()) {
            dropPutsThatShowNowhere(narrowed);
        }
        return narrowed;
    }

    /** What nobody saw put and nobody saw taken cannot be needed to explain anything, where there is always room. */
    private void dropPutsThatShowNowhere(List<Operation<Input<V>, Output<V>>> narrowed) {
        putOf.forEach((value, k) -> {
            if (!takeOf.containsKey(value) && !operations.get(k).hasReturned()) {
                narrowed.set(k, operations.get(k).withOutcome(new Outcome.DidNotHappen<>()));
            }
        });
    }
}
