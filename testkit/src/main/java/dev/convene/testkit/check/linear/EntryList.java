package dev.convene.testkit.check.linear;

import java.util.Arrays;

/**
 * The calls and returns that have not been explained yet, linked so that an operation can be taken out and put back in
 * constant time (Knuth's dancing links). Operations are put back in the reverse order in which they were taken out.
 */
final class EntryList {

    private static final int END = -1;
    private static final int NONE = -1;

    private final int[] next;
    private final int[] previous;
    private final int[] callOf;
    private final int[] returnOf;
    private final int head;

    EntryList(Timeline<?, ?> timeline) {
        int size = timeline.entries();
        this.head = size;
        this.next = new int[size + 1];
        this.previous = new int[size + 1];
        this.callOf = new int[timeline.operations().size()];
        this.returnOf = new int[timeline.operations().size()];
        Arrays.fill(returnOf, NONE);
        for (int e = 0; e < size; e++) {
            next[e] = e + 1 < size ? e + 1 : END;
            previous[e] = e == 0 ? head : e - 1;
            int operation = timeline.operationNumberAt(e);
            (timeline.isCall(e) ? callOf : returnOf)[operation] = e;
        }
        next[head] = size == 0 ? END : 0;
    }

    /** The first entry; -1 if there is none. */
    int first() {
        return next[head];
    }

    /** The entry after this one, also after one that was just taken out; -1 if there is none. */
    int next(int entry) {
        return next[entry];
    }

    /** The entry before this one, or the place before the first. */
    int previous(int entry) {
        return previous[entry];
    }

    int callOf(int operation) {
        return callOf[operation];
    }

    /** Takes out the call and, if it has one, the return of an operation. */
    void lift(int operation) {
        unlink(callOf[operation]);
        if (returnOf[operation] != NONE) {
            unlink(returnOf[operation]);
        }
    }

    /** Puts them back. */
    void restore(int operation) {
        if (returnOf[operation] != NONE) {
            link(returnOf[operation]);
        }
        link(callOf[operation]);
    }

    private void unlink(int entry) {
        next[previous[entry]] = next[entry];
        if (next[entry] != END) {
            previous[next[entry]] = previous[entry];
        }
    }

    private void link(int entry) {
        next[previous[entry]] = entry;
        if (next[entry] != END) {
            previous[next[entry]] = entry;
        }
    }
}
