package dev.convene.runtime.machine;

/** Bounds that are part of a shard's behaviour: a change of one needs a new behaviour version. */
public final class MachineLimits {
    /** Answers kept for one requester in one partition. */
    public static final int KEPT_ANSWERS_MAX = 1024;
    /** Requests of one requester that may wait in one partition. */
    public static final int WAITING_MAX = 10_000;
    /** How long an answer or an idempotency key is remembered, served milliseconds. */
    public static final long KEPT_MS = 600_000;
    /** Idempotency keys remembered in one partition. */
    public static final int KEYS_MAX = 1_000_000;
    /** Longest idempotency key, in characters. */
    public static final int KEY_LENGTH_MAX = 64;
    /** While something is due later in served time, the owner appends a tick at least this often, milliseconds. */
    public static final long TICK_INTERVAL_MS = 1000;
    /** What one tick can add to served time at most, milliseconds: an outage does not count. */
    public static final long TICK_ADDS_MAX_MS = 2 * TICK_INTERVAL_MS;
    /** Positions of failed commands that are remembered. */
    public static final int FAILURES_KEPT_MAX = 100;

    private MachineLimits() {}
}
