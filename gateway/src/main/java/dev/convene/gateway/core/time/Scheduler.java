package dev.convene.gateway.core.time;

/** A clock that also runs things later, on a thread of its own that must not be blocked. Thread-safe. */
public interface Scheduler {

    /** Milliseconds that only rise; their zero means nothing. */
    long nowMs();

    /** Nanoseconds that only rise; their zero means nothing. */
    long nowNanos();

    /** Milliseconds since 1970. */
    long wallMs();

    /** Runs a task once, not before the delay has passed. */
    void after(long delayMs, Runnable task);
}
