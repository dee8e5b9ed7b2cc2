package dev.convene.gateway.core.log;

import dev.convene.protocol.log.Answer;
import java.util.concurrent.CompletableFuture;

/** Answers and pushes of shards' owners to this gateway. Each comes once, in the order of its shard. Thread-safe. */
public interface AnswerLog {

    /** Begins to read all partitions at their ends; completes when nothing that is appended from now on is missed. */
    CompletableFuture<Void> open(Listener listener);

    /** From now on only what goes to this gateway life is of interest. */
    void settle(long incarnation);

    /** Hears them, on one thread that must not be blocked. */
    interface Listener {
        /**
         * @param log the log of the shard that answers
         * @param requester the session, or the gateway life itself
         */
        void answer(String log, int partition, long incarnation, long requester, long number, long ref, Answer answer);

        void push(String log, int partition, long incarnation, long requester, byte[] body);
    }
}
