package dev.convene.testkit.sim;

import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/**
 * The clock, the dice and the list of what happens next. The same seed gives the same run, whatever the machine. Single
 * threaded.
 */
public final class Simulation {
    /** Lines of the trace that a failure shows. */
    public static final int TRACE_MAX = 60;

    private record Due(long atMs, long order, Runnable task) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final long seed;
    private final Random random;
    private final PriorityQueue<Due> agenda = new PriorityQueue<>();
    private final ArrayDeque<String> trace = new ArrayDeque<>();
    private long nowMs;
    private long nextOrder;
    private long steps;

    public Simulation(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    public long seed() {
        return seed;
    }

    /** Milliseconds since the run began. */
    public long nowMs() {
        return nowMs;
    }

    /** How many tasks have run. */
    public long steps() {
        return steps;
    }

    /** Runs a task after this time; tasks of one moment run in the order in which they were given. */
    public void after(long delayMs, Runnable task) {
        agenda.add(new Due(nowMs + Math.max(0, delayMs), nextOrder++, task));
    }

    /** A number from {@code least} to {@code most}, both included. */
    public long between(long least, long most) {
        return least + random.nextLong(most - least + 1);
    }

    /** True in about so many of 100 cases. */
    public boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    public <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** A line of the trace; the text is made only for the last lines of a failed run if it is given lazily. */
    public void trace(String line) {
        if (trace.size() == TRACE_MAX) {
            trace.removeFirst();
        }
        trace.addLast(nowMs + " ms  " + line);
    }

    /**
     * Runs everything that is due up to a moment.
     *
     * @throws SimulationFailure if anything throws; it names the seed and shows the last lines of the trace
     */
    public void runUntil(long untilMs) {
        try {
            Due due;
            while ((due = agenda.peek()) != null && due.atMs <= untilMs) {
                agenda.poll();
                nowMs = due.atMs;
                steps++;
                due.task.run();
            }
            nowMs = Math.max(nowMs, untilMs);
        } catch (RuntimeException | AssertionError e) {
            throw failure(e);
        }
    }

    /**
     * Runs on in small steps until nothing is missing.
     *
     * @param missing says what is, empty if nothing
     * @throws SimulationFailure if something still is after this time
     */
    public void runUntilNothing(Supplier<String> missing, long atMostMs) {
        long end = nowMs + atMostMs;
        String what;
        while (!(what = missing.get()).isEmpty()) {
            if (nowMs >= end) {
                throw failure(new AssertionError("not within " + atMostMs + " ms: " + what));
            }
            runUntil(nowMs + 20);
        }
    }

    /** The failure with the seed and the trace. */
    public SimulationFailure failure(Throwable cause) {
        return cause instanceof SimulationFailure known
                ? known
                : new SimulationFailure(seed, nowMs, String.join("\n  ", trace), cause);
    }
}
