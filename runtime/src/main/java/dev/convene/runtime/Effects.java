package dev.convene.runtime;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.SessionEvent;

/** Where a shard puts what follows from a command. Valid during the call that it was given to. */
public interface Effects {
    /**
     * Largest body of an answer, of a push or of a forwarded command, bytes: with its envelope it fits a record of every log.
     * A command that would give more is refused by {@link Shard#prepare}, or what it gives is split; a larger effect halts
     * the shard, since it could be given to nobody.
     */
    int BODY_BYTES_MAX = 1 << 20;

    /** Whether a body is small enough to be given out. */
    static boolean fits(byte[] body) {
        return body.length <= BODY_BYTES_MAX;
    }

    /** The place of the record that is applied now; index 0. */
    Position position();

    /** A new place within the record, rising: the identity of an effect that the shard gives out by itself. */
    Position next();

    /** Answers a request, now or long after it came. A request is answered once; requests without number are not. */
    void answer(Request request, Answer answer);

    /**
     * Sends something to a gateway life, or through it to a session, that is no answer. Not kept here: the shard itself
     * sends again what a session has not confirmed when it is resumed.
     *
     * @param incarnation the gateway life
     * @param requester the session, or the incarnation itself
     * @param body the capability's own form of it
     */
    void push(long incarnation, long requester, byte[] body);

    /**
     * Sends a command to another shard, once and in order, not atomically with this one.
     *
     * @param log the other shard's log
     * @param partition its partition
     * @param command the command in its log form
     */
    void forward(String log, int partition, byte[] command);

    /** Tells another shard what the sessions log has decided; only the sessions shard does. Ordered as {@link #forward}. */
    void tell(String log, int partition, SessionEvent event);
}
