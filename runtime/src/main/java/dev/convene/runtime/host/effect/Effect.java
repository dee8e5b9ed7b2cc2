package dev.convene.runtime.host.effect;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;

/** Something that leaves a shard. */
public sealed interface Effect {
    /** Its place in the source log. */
    Position id();

    /** About how many bytes it takes. */
    int sizeBytes();

    /** The answer to a request. */
    record Answered(Position id, long incarnation, long requester, long number, long ref, Answer answer)
            implements Effect {
        @Override
        public int sizeBytes() {
            return 48 + answer.body().length;
        }
    }

    /**
     * A request was passed over since one before it is missing, or is a repetition.
     *
     * @param lastNumber the last number that the shard has taken in of the requester
     */
    record OutOfTurn(Position id, long incarnation, long requester, long number, long ref, long lastNumber)
            implements Effect {
        @Override
        public int sizeBytes() {
            return 48;
        }
    }

    /** Something for a gateway life or a session that is no answer. */
    record Pushed(Position id, long incarnation, long requester, byte[] body) implements Effect {
        @Override
        public int sizeBytes() {
            return 32 + body.length;
        }
    }

    /**
     * A command or a decision for another shard.
     *
     * @param sessionEvent whether the body is a decision of the sessions log
     */
    record Forwarded(Position id, String log, int partition, boolean sessionEvent, byte[] body) implements Effect {
        @Override
        public int sizeBytes() {
            return 32 + body.length;
        }
    }
}
