package dev.convene.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * When each message is to be sent, fixed before the first: the system under test has no influence on it.
 *
 * @param startNanos when the first is due, by {@link System#nanoTime()}
 * @param intervalNanos from one to the next
 * @param count how many
 */
public record Schedule(long startNanos, long intervalNanos, int count) {
    /** Between making a schedule and its first message: room to start threads. */
    private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Sends one message. */
    @FunctionalInterface
    public interface Sender {
        /**
         * Sends and does not wait for the outcome.
         *
         * @param index 0 to {@link Schedule#count} - 1
         * @param dueNanos from when its latency counts
         */
        void send(int index, long dueNanos);
    }

    /** A schedule that begins shortly. */
    public static Schedule of(int perSecond, Duration duration) {
        return new Schedule(
                System.nanoTime() + LEAD_NANOS,
                TimeUnit.SECONDS.toNanos(1) / perSecond,
                Math.toIntExact(duration.toMillis() * perSecond / 1000));
    }

    /** When a message is due. */
    public long dueNanos(int index) {
        return startNanos + index * intervalNanos;
    }

    /** When the last one is due. */
    public long endNanos() {
        return dueNanos(count);
    }

    /** Sends each message when it is due, or at once if that is past, on the calling thread. */
    public void run(Sender sender) {
        for (int i = 0; i < count; i++) {
            long due = dueNanos(i);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.interrupted()) {
                    return;
                }
            }
            sender.send(i, due);
        }
    }
}
