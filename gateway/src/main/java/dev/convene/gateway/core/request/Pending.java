package dev.convene.gateway.core.request;

import dev.convene.gateway.core.log.OutRecord;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request on its way. What changes is guarded by its {@link Window}. */
public final class Pending {
    /** A command that no shard can read: it is answered, takes its number and changes nothing. */
    private static final byte[] NOTHING = {};

    /** A client's number stands for so many in the log: one for each record that it may take, see {@link #part}. */
    public static final int PARTS = 128;

    private static final String PART = "\t";

    private static final Reply NOBODY = new Reply() {
        @Override
        public void answered(Answer answer) {}

        @Override
        public void failed(ConveneException e) {}
    };

    byte[] body;
    byte @Nullable [] payload;
    final List<OutRecord.Header> texts;
    /** As it stands in the log, 0 if the client gave none. */
    long seq;
    /** As it stands in the log, empty if the client gave none. */
    String key;

    final long deadlineMs;

    Reply reply;
    /** When the client is told although there is time left, unless an append of it was acknowledged until then. */
    private long appendDeadlineMs = Long.MAX_VALUE;
    /** Whether an append of it was ever acknowledged. */
    boolean appended;
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

    private Pending(
            byte[] body,
            byte @Nullable [] payload,
            List<OutRecord.Header> texts,
            long seq,
            String key,
            long deadlineMs,
            Reply reply) {
        this.body = body;
        this.payload = payload;
        this.texts = texts;
        this.seq = seq * PARTS;
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
        return new Pending(body, null, List.of(), seq, key, deadlineMs, reply);
    }

    /** A command with a payload: a record of its own. */
    public static Pending message(
            byte[] body,
            byte[] payload,
            List<OutRecord.Header> texts,
            long seq,
            String key,
            long deadlineMs,
            Reply reply) {
        return new Pending(body, payload, texts, seq, key, deadlineMs, reply);
    }

    /**
     * The same as one of the records that together are what a client has asked for. In the log each has a number and a key of its
     * own, made of the client's, so that each is done once and none is taken for another one's repetition, though they may
     * stand in one partition.
     *
     * @param part which of them, 0 to {@link #PARTS} - 1; the same whenever the client asks again
     */
    public Pending part(int part) {
        seq += seq == 0 ? 0 : part;
        key += key.isEmpty() || part == 0 ? "" : PART + part;
        return this;
    }

    /** The same with a deadline for its append alone: the answer may take longer than a log that is away. */
    public Pending appendedUntil(long atMs) {
        appendDeadlineMs = atMs;
        return this;
    }

    boolean isOverdue(long nowMs) {
        return deadlineMs <= nowMs || !appended && appendDeadlineMs <= nowMs;
    }

    /** Becomes a request that does nothing: it takes its number, on which those after it rely, and nobody hears of it. */
    void becomeNothing() {
        body = NOTHING;
        payload = null;
        seq = 0;
        key = "";
        reply = NOBODY;
        told = true;
    }

    /** Tells the answer; once it is taken out of the window. */
    void answered(Answer answer) {
        if (told) {
            reply.late(answer);
        } else {
            reply.answered(answer);
        }
    }

    /** Tells that nothing more will be done for it: it is refused with this, unless its outcome is unknown. */
    void end(ConveneException reason) {
        ErrorCode.Happened happened = reason.code().happened();
        if (!told) {
            boolean unsure = maybe && happened == ErrorCode.Happened.NO;
            reply.failed(unsure ? new ConveneException(ErrorCode.OUTCOME_UNKNOWN) : reason);
            happened = unsure ? ErrorCode.Happened.MAYBE : happened;
        }
        if (told || happened == ErrorCode.Happened.MAYBE) {
            reply.over();
        }
    }
}
