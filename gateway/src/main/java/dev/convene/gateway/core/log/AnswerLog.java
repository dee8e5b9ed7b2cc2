package dev.convene.gateway.core.log;

import dev.convene.protocol.log.Answer;
import java.util.concurrent.CompletableFuture;

/** Answers and pushes of shards' owners to this gateway. Each comes once, in the order of its shard. Thread-safe. */
public interface AnswerLog {

    /**
     * Begins to listen for a registration, forgetting an earlier life; completes when one that is appended from now on will
     * be seen.
     */
    CompletableFuture<Void> awaitRegistration(Listener listener);

    /** Hears them, on one thread that must not be blocked. */
    interface Listener {
        /** Whether a push to some gateway life is the registration of this process; if so, only that life's are given. */
        boolean isRegistration(byte[] body);

        /**
         * @param log the log of the shard that answers
         * @param ref the attempt that sent the request
         */
        void answer(String log, int partition, long incarnation, long requester, long number, long ref, Answer answer);

        /**
         * The log has passed over a request since one before it is missing, or it is a repetition, whose answer follows.
         *
         * @param ref the attempt that sent it
         * @param lastNumber the last number that the log has taken of this requester
         */
        void outOfTurn(String log, long incarnation, long requester, long number, long ref, long lastNumber);

        void push(long incarnation, byte[] body);

        /** Some of them are lost to this gateway for good. */
        void lost();
    }
}
