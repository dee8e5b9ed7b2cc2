package dev.convene.testkit.check.linear;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The calls and returns of one object's operations in the order of time. Where a call and a return are at one time the
 * call comes first, so that the operations overlap and more orders are allowed. Operations are numbered in the order of
 * their calls; what did not happen is not among them.
 */
final class Timeline<I, O> {

    private final List<Operation<I, O>> operations;
    private final List<Entry> entries = new ArrayList<>();

    /** The call or the return of the operation with this number. */
    private record Entry(int operation, boolean isCall, long at) {}

    Timeline(List<Operation<I, O>> operations) {
        this.operations = operations.stream()
                .filter(operation -> !(operation.outcome() instanceof Outcome.DidNotHappen))
                .sorted(Comparator.comparingLong(Operation::invokedAt))
                .toList();
        for (int k = 0; k < this.operations.size(); k++) {
            Operation<I, O> operation = this.operations.get(k);
            entries.add(new Entry(k, true, operation.invokedAt()));
            if (operation.hasReturned()) {
                entries.add(new Entry(k, false, operation.returnedAt()));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::at).thenComparing(Entry::isCall, Comparator.reverseOrder()));
    }

    List<Operation<I, O>> operations() {
        return operations;
    }

    Operation<I, O> operation(int number) {
        return operations.get(number);
    }

    int entries() {
        return entries.size();
    }

    int operationNumberAt(int entry) {
        return entries.get(entry).operation;
    }

    Operation<I, O> operationAt(int entry) {
        return operations.get(operationNumberAt(entry));
    }

    boolean isCall(int entry) {
        return entries.get(entry).isCall;
    }

    /** The entries that are returns. */
    List<Integer> returns() {
        List<Integer> returns = new ArrayList<>();
        for (int e = 0; e < entries.size(); e++) {
            if (!isCall(e)) {
                returns.add(e);
            }
        }
        return returns;
    }

    /** What had been called up to and including this entry; what had not returned by then is unseen. */
    Timeline<I, O> upTo(int last) {
        boolean[] returned = new boolean[operations.size()];
        for (int e = 0; e <= last; e++) {
            if (!isCall(e)) {
                returned[operationNumberAt(e)] = true;
            }
        }
        List<Operation<I, O>> begun = new ArrayList<>();
        for (int e = 0; e <= last; e++) {
            if (isCall(e)) {
                Operation<I, O> operation = operationAt(e);
                begun.add(returned[operationNumberAt(e)] ? operation : operation.unseen());
            }
        }
        return new Timeline<>(begun);
    }
}
