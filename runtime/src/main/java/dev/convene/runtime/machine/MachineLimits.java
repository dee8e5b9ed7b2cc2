package dev.convene.runtime.machine;

import dev.convene.protocol.Tenants;

/** Bounds that are part of a shard's behaviour: a change of one needs a new behaviour version. */
public final class MachineLimits {
    /** Answers kept for one requester in one partition. */
    public static final int KEPT_ANSWERS_MAX = 1024;
    /** What they take at most, bytes: as many answers as that, a quarter KiB of body each. */
    public static final int KEPT_BYTES_MAX = 512 << 10;
    /** What the kept answers of all requesters take at most in one partition, bytes. */
    public static final long KEPT_BYTES_OF_ALL_MAX = 128L << 20;
    /** Who keeps more than this pays first when all together keep too much, bytes. */
    public static final int KEPT_BYTES_SHARE = 16 << 10;
    /** What a kept answer takes beside its body and its key, bytes, about. */
    public static final int KEPT_OVERHEAD_BYTES = 256;
    /** Requests of one requester that may wait in one partition. */
    public static final int WAITING_MAX = 10_000;
    /** Requests of all requesters that may wait in one partition. */
    public static final int WAITING_OF_ALL_MAX = 1_000_000;
    /** Repetitions under new numbers that one waiting request takes. */
    public static final int AGAIN_MAX = 16;
    /** What such a repetition takes, bytes, about. */
    public static final int AGAIN_BYTES = 32;
    /** How long an answer or an idempotency key is remembered, served milliseconds. */
    public static final long KEPT_MS = 600_000;
    /** What the idempotency keys of one partition take at most, with their answers, bytes. */
    public static final long KEYS_BYTES_MAX = 256L << 20;
    /** A session may take so much: the part of what is free. A gateway life, which asks for many, as much as is free. */
    public static final int KEYS_FREE_PART = 8;
    /** What a key takes beside its characters and its answer's body, bytes, about. */
    public static final int KEY_OVERHEAD_BYTES = 256;
    /** Longest idempotency key, in characters, with its tenant and with what tells the records of one request apart. */
    public static final int KEY_LENGTH_MAX = Tenants.KEY_MAX + 4;
    /** While something is due later in served time, the owner appends a tick at least this often, milliseconds. */
    public static final long TICK_INTERVAL_MS = 1000;
    /** What one tick can add to served time at most, milliseconds: an outage does not count. */
    public static final long TICK_ADDS_MAX_MS = 2 * TICK_INTERVAL_MS;
    /** Positions of failed commands that are remembered. */
    public static final int FAILURES_KEPT_MAX = 100;

    private MachineLimits() {}
}
