package dev.convene.benchmarks.load;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Latencies of the messages of one schedule, counted from when each was due. Written by one thread; {@link #received} may
 * be read by others meanwhile, the rest when that thread has stopped.
 */
public final class Latencies {
    private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int DIGITS = 3;
    private static final int PARTS = 5;
    private static final long SLOT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Schedule schedule;
    private final Histogram all = new Histogram(HIGHEST_NANOS, DIGITS);
    private final Histogram second = new Histogram(HIGHEST_NANOS, DIGITS);
    private final Histogram last = new Histogram(HIGHEST_NANOS, DIGITS);
    private final long[] worst;
    private volatile long received;

    public Latencies(Schedule schedule) {
        this.schedule = schedule;
        this.worst = new long[slot(schedule, schedule.endNanos() - 1) + 1];
    }

    /** Counts one message; those of another schedule (left over from a warm-up) are passed over. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void record(long dueNanos, long nowNanos) {
        if (dueNanos < schedule.startNanos() || dueNanos >= schedule.endNanos()) {
            return;
        }
        long latency = Math.clamp(nowNanos - dueNanos, 0, HIGHEST_NANOS);
        all.recordValue(latency);
        int slot = slot(schedule, dueNanos);
        worst[slot] = Math.max(worst[slot], latency);
        long part =
                (dueNanos - schedule.startNanos()) * PARTS / Math.max(1, schedule.endNanos() - schedule.startNanos());
        if (part == 1) {
            second.recordValue(latency);
        } else if (part == PARTS - 1) {
            last.recordValue(latency);
        }
        received++;
    }

    /** How many were counted. */
    public long received() {
        return received;
    }

    /** A percentile in milliseconds; 100 is the largest. */
    public double ms(double percentile) {
        return toMs(all, percentile);
    }

    private static int slot(Schedule schedule, long dueNanos) {
        return Math.toIntExact((dueNanos - schedule.startNanos()) / SLOT_NANOS);
    }

    /** By tenth of a second, when they were due, the longest in milliseconds. */
    public List<Double> worstMs() {
        return Arrays.stream(worst).mapToObj(nanos -> nanos / 1e6).toList();
    }

    /**
     * Whether messages waited longer at the end than near the beginning: the median of the last fifth is above twice that
     * of the second fifth by more than 2 ms.
     */
    public boolean isGrowing() {
        return toMs(last, 50) > 2 * toMs(second, 50) + 2;
    }

    private static double toMs(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? Double.NaN : histogram.getValueAtPercentile(percentile) / 1e6;
    }
}
