package dev.convene.gateway.core.time;

/** A clock that also runs things later, on a thread of its own that must not be blocked. Thread-safe. */
public interface Scheduler {

    /** Milliseconds that only rise; their zero means nothing. */
    long nowMs();

    /** Nanoseconds that only rise; their zero means nothing. */
    long nowNanos();

    /** Milliseconds since 1970. */
    long wallMs();

    /**
     * Runs a task once, not before the delay has passed.
     *
     * @return takes it back, and lets go of it, if it has not begun
     */
    Delayed after(long delayMs, Runnable task);

    /** A task that is to run later. Thread-safe. */
    interface Delayed {
        /** Does nothing if it has begun or was taken back. */
        void cancel();
    }
}
