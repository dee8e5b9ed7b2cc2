package dev.convene.testkit.check.linear;

import java.util.Arrays;
import java.util.Comparator;

/** Between which moments puts and takes of the same values can have taken effect, narrowed by each other. */
final class Intervals {

    private static final int ROUNDS_MAX = 4;

    final long[] putFrom;
    final long[] putTo;
    final long[] takeFrom;
    final long[] takeTo;

    /** @param values how many values there are; each has one put and one take */
    Intervals(int values) {
        putFrom = new long[values];
        putTo = new long[values];
        takeFrom = new long[values];
        takeTo = new long[values];
    }

    /** Narrows until nothing changes, or long enough. */
    void narrow() {
        for (int round = 0; round < ROUNDS_MAX && narrowOnce(); round++) {
            if (isImpossible()) {
                return;
            }
        }
    }

    /** Whether some effect has no moment left. */
    boolean isImpossible() {
        for (int v = 0; v < putFrom.length; v++) {
            if (putFrom[v] > putTo[v] || takeFrom[v] > takeTo[v]) {
                return true;
            }
        }
        return false;
    }

    /** A value is put before it is taken, and what is taken first was put first, and the other way round. */
    private boolean narrowOnce() {
        boolean changed = lower(putTo, takeTo);
        changed |= raise(takeFrom, putFrom);
        changed |= raise(putFrom, latestBefore(takeTo, putFrom, takeFrom));
        changed |= lower(putTo, earliestAfter(takeFrom, putTo, takeTo));
        changed |= raise(takeFrom, latestBefore(putTo, takeFrom, putFrom));
        changed |= lower(takeTo, earliestAfter(putFrom, takeTo, putTo));
        return changed;
    }

    private static boolean raise(long[] bounds, long[] atLeast) {
        boolean changed = false;
        for (int v = 0; v < bounds.length; v++) {
            changed |= atLeast[v] > bounds[v];
            bounds[v] = Math.max(bounds[v], atLeast[v]);
        }
        return changed;
    }

    private static boolean lower(long[] bounds, long[] atMost) {
        boolean changed = false;
        for (int v = 0; v < bounds.length; v++) {
            changed |= atMost[v] < bounds[v];
            bounds[v] = Math.min(bounds[v], atMost[v]);
        }
        return changed;
    }

    /** For each value the greatest {@code bound} of those that end before it begins. */
    private static long[] latestBefore(long[] end, long[] bound, long[] begin) {
        Integer[] byEnd = sorted(end);
        Integer[] byBegin = sorted(begin);
        long[] latest = new long[end.length];
        long greatest = Long.MIN_VALUE;
        int ended = 0;
        for (int v : byBegin) {
            while (ended < byEnd.length && end[byEnd[ended]] < begin[v]) {
                greatest = Math.max(greatest, bound[byEnd[ended++]]);
            }
            latest[v] = greatest;
        }
        return latest;
    }

    /** For each value the least {@code bound} of those that begin after it has ended. */
    private static long[] earliestAfter(long[] begin, long[] bound, long[] end) {
        Integer[] byEnd = sorted(end);
        Integer[] byBegin = sorted(begin);
        long[] earliest = new long[end.length];
        long least = Long.MAX_VALUE;
        int begun = byBegin.length - 1;
        for (int i = byEnd.length - 1; i >= 0; i--) {
            int v = byEnd[i];
            while (begun >= 0 && begin[byBegin[begun]] > end[v]) {
                least = Math.min(least, bound[byBegin[begun--]]);
            }
            earliest[v] = least;
        }
        return earliest;
    }

    private static Integer[] sorted(long[] by) {
        Integer[] values = new Integer[by.length];
        Arrays.setAll(values, v -> v);
        Arrays.sort(values, Comparator.comparingLong(v -> by[v]));
        return values;
    }
}
