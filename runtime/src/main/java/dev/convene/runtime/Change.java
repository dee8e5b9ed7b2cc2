package dev.convene.runtime;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;

/** What a checked command does to the state. Running it must not fail. */
@FunctionalInterface
public interface Change {

    /** Changes the state and says what follows. */
    void run(Effects effects);

    /** Changes nothing and answers with an error. */
    static Change refuse(Request request, ErrorCode code) {
        return effects -> effects.answer(request, Answer.error(code, request.position()));
    }

    /** Changes nothing and answers with success. */
    static Change nothing(Request request) {
        return effects -> effects.answer(request, Answer.ok(request.position()));
    }
}
