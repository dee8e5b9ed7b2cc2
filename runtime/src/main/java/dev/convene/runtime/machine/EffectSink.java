package dev.convene.runtime.machine;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;

/**
 * Receives what follows from the records that a machine applies, in order. Every replica derives the same effects; its
 * host decides whether they are given out (owner), held back (standby) or used by itself (reader).
 */
public interface EffectSink {

    /**
     * A request is answered.
     *
     * @param id the effect's place, rising
     * @param incarnation the gateway life that serves the requester at present
     * @param requester the session, or the gateway life itself
     * @param number the request's number
     * @param ref what the requester calls the request
     */
    void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer);

    /** Something that is no answer goes to a gateway life ({@code requester} is the incarnation) or to a session. */
    void push(Position id, long incarnation, long requester, byte[] body);

    /** A command goes to another shard. */
    void forward(Position id, String log, int partition, byte[] command);

    /** A decision of the sessions log goes to another shard. */
    void tell(Position id, String log, int partition, SessionEvent event);

    /**
     * A request came out of its turn: it was passed over since one before it is missing, or it is a repetition, whose
     * answer follows. Where requesters read the log themselves they know; elsewhere this tells them how far the log is.
     *
     * @param ref what the requester calls the request
     * @param lastNumber the last number that was taken in of the requester
     */
    default void outOfTurn(Position id, long incarnation, long requester, long number, long ref, long lastNumber) {}

    /** A command was passed over and has no effect. Not an effect itself: it has no id and is never sent again. */
    default void passedOver(long offset, Origin origin, Passed reason) {}

    /** The session is served by this gateway life from this record on. */
    default void sessionMoved(Position at, long session, long incarnation) {}

    /** This gateway life does not count any longer from this record on. */
    default void gatewayLost(Position at, long incarnation) {}

    /** Why a command was passed over. */
    enum Passed {
        /** Its gateway life is unknown here or was declared lost. */
        LOST_GATEWAY,
        /** Its session is not attached here. */
        NOT_ATTACHED,
        /** Its session has moved on. */
        STALE_EPOCH,
        /** A request before it is missing. */
        NUMBER_GAP,
        /** Its bytes cannot be read. */
        MALFORMED
    }

    /** Takes everything and does nothing. */
    EffectSink NONE = new EffectSink() {
        @Override
        public void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer) {}

        @Override
        public void push(Position id, long incarnation, long requester, byte[] body) {}

        @Override
        public void forward(Position id, String log, int partition, byte[] command) {}

        @Override
        public void tell(Position id, String log, int partition, SessionEvent event) {}
    };
}
