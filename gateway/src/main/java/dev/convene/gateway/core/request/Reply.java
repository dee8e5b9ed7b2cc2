package dev.convene.gateway.core.request;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.log.Answer;

/** Hears once how a request ended. Must not block. */
public interface Reply {
    /** The shard's answer, also a refusal. On the thread that reads the log: the state is the one at the answer. */
    void answered(Answer answer);

    /** There was no answer. */
    void failed(ConveneException e);

    /** The answer came after all, after {@link #failed} had been told that the outcome is unknown. */
    default void late(Answer answer) {}

    /** Nothing more will be heard: the window was closed before the log showed an answer. After {@link #failed}. */
    default void over() {}
}
