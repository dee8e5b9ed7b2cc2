package dev.convene.runtime.host;

import dev.convene.protocol.log.SourcePosition;
import dev.convene.runtime.host.effect.Effect;

/** Takes what owners send to this gateway life, each effect once and in the order of its source. On the reader's thread. */
public interface AnswersListener {

    /** A request is answered. */
    void answered(SourcePosition source, Effect.Answered answer);

    /** A request was passed over, or is a repetition, whose answer follows. */
    default void outOfTurn(SourcePosition source, Effect.OutOfTurn request) {}

    /** Something that is no answer, for the gateway life itself or a session. */
    void pushed(SourcePosition source, Effect.Pushed push);

    /**
     * A push to any gateway life, while the reader looks for the registration: return true if it is this process's own.
     * From then on the reader keeps that life's partition only, and gives this push to {@link #pushed} first.
     */
    boolean isRegistration(Effect.Pushed push);

    /** All that one fetch brought was given. */
    default void batchEnded() {}

    /**
     * Answers are lost to this listener: they were deleted before they were read (the process stood still for longer than their
     * retention), or one of the calls above threw. Nobody sends them again: the gateway life has to end.
     */
    default void lost() {}
}
