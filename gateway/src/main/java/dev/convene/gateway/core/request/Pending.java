package dev.convene.gateway.core.request;

import org.jspecify.annotations.Nullable;

/** A request on its way. What changes is guarded by its {@link Window}. */
public final class Pending {
    final byte[] body;
    final byte @Nullable [] payload;
    final String text;
    final long seq;
    final String key;
    final long deadlineMs;

    final Reply reply;
    /** Whether the client was told that the outcome is unknown. */
    boolean told;
    /** 0 until it is sent first. */
    long number;
    /** The window's attempt that sent it last. */
    long attempt;
    /** Whether a copy of it may be in the log or may still come there. */
    boolean maybe;
    /** How many copies of it were sent. */
    int copies;
    /** When its last copy was acknowledged, scheduler milliseconds; -1 while it is not. */
    long acknowledgedMs = -1;
    /** Whether it stands in the log in its turn: what comes after it need not wait, however long its answer takes. */
    boolean seen;

    private Pending(
            byte[] body, byte @Nullable [] payload, String text, long seq, String key, long deadlineMs, Reply reply) {
        this.body = body;
        this.payload = payload;
        this.text = text;
        this.seq = seq;
        this.key = key;
        this.deadlineMs = deadlineMs;
        this.reply = reply;
    }

    /**
     * A command that may share its record with others.
     *
     * @param seq the client's own number, 0 if it gave none
     * @param key the client's idempotency key, empty if it gave none
     * @param deadlineMs when the client is told that the outcome is unknown, scheduler milliseconds
     */
    public static Pending command(byte[] body, long seq, String key, long deadlineMs, Reply reply) {
        return new Pending(body, null, "", seq, key, deadlineMs, reply);
    }

    /**
     * A command with a payload: a record of its own.
     *
     * @param text what stands in the record for readers that know Kafka only
     */
    public static Pending message(
            byte[] body, byte[] payload, String text, long seq, String key, long deadlineMs, Reply reply) {
        return new Pending(body, payload, text, seq, key, deadlineMs, reply);
    }
}
