package dev.convene.gateway.core.request;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.log.Answer;

/** Hears once how a request ended. Must not block. */
public interface Reply {
    /** The shard's answer, also a refusal. On the thread that reads the log: the state is the one at the answer. */
    void answered(Answer answer);

    /** There was no answer. */
    void failed(ConveneException e);

    /** Nobody wants to know. */
    Reply NONE = new Reply() {
        @Override
        public void answered(Answer answer) {}

        @Override
        public void failed(ConveneException e) {}
    };
}
