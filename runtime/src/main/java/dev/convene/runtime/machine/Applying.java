package dev.convene.runtime.machine;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.Effects;
import dev.convene.runtime.Request;
import java.util.List;

/** The record that is applied now: hands out places for effects and keeps answers before they are given out. */
final class Applying implements Effects {
    private final MachineState state;
    private EffectSink sink = EffectSink.NONE;
    private Position position = Position.START;
    private int nextIndex;

    Applying(MachineState state) {
        this.state = state;
    }

    void begin(long offset, EffectSink takes) {
        sink = takes;
        position = Position.of(offset);
        nextIndex = 0;
    }

    @Override
    public Position position() {
        return position;
    }

    @Override
    public Position next() {
        int index = nextIndex++;
        return index == 0 ? position : new Position(position.offset(), index);
    }

    @Override
    public void answer(Request request, Answer answer) {
        Origin origin = request.origin();
        if (origin == null || origin.number() == 0) {
            return;
        }
        Requester requester = state.requester(origin.requester());
        if (requester != null) {
            end(requester, origin.number(), answer);
        }
    }

    /** Keeps the answer of a waiting request and gives it to everybody who waits for it. */
    void end(Requester requester, long number, Answer answer) {
        Position id = next();
        Kept kept = requester.end(number, fitting(answer), id, state.servedMs(), state.kept());
        if (kept == null) {
            throw new IllegalStateException("request " + number + " of " + requester.id() + " is answered twice");
        }
        sink.answer(id, requester.incarnation(), requester.id(), number, kept.ref, answer);
        for (Kept.Again again : kept.again) {
            sink.answer(
                    next(), requester.incarnation(), requester.id(), again.number(), again.ref(), answer.asDuplicate());
        }
        IdempotencyKeys.Use use = kept.key.isEmpty() ? null : state.keys().get(kept.key);
        if (use != null && use.answer == null && use.requester == requester.id() && use.number == number) {
            state.keys().answered(use, answer);
            if (answer.isTemporaryRefusal()) {
                // Nothing was done under the key: who comes again with it is a first comer.
                state.keys().remove(kept.key);
            }
            endJoined(use, answer.asDuplicate());
        }
    }

    private void endJoined(IdempotencyKeys.Use use, Answer answer) {
        for (IdempotencyKeys.Joined joined : use.joined) {
            Requester other = state.requester(joined.requester());
            if (other != null && other.isWaiting(joined.number())) {
                end(other, joined.number(), answer);
            }
        }
        use.joined = List.of();
    }

    /** Gives an answer that is not kept: a repetition, or a refusal to take the request in. */
    void give(Requester requester, Origin origin, Answer answer) {
        if (origin.number() != 0) {
            sink.answer(next(), requester.incarnation(), requester.id(), origin.number(), origin.ref(), answer);
        }
    }

    /** Gives a kept answer to the session's new gateway. */
    void giveAgain(Requester session, Kept kept) {
        Answer answer = kept.answer;
        if (answer != null) {
            Position id = next();
            kept.answeredAt = id;
            sink.answer(id, session.incarnation(), session.id(), kept.number, kept.ref, answer);
        }
    }

    /** The session is over and nothing of it stays. */
    void forget(Requester session) {
        cancelWaiting(session);
        state.forget(session);
    }

    /** What waits for a request of this requester under its key is told that there will be no answer. */
    void cancelWaiting(Requester requester) {
        // A copy: what joined the wait may be a later request of the same requester.
        for (Kept kept : List.copyOf(requester.waiting())) {
            IdempotencyKeys.Use use = kept.key.isEmpty() ? null : state.keys().get(kept.key);
            if (use != null && use.answer == null && use.requester == requester.id()) {
                state.keys().remove(kept.key);
                endJoined(use, Answer.error(ErrorCode.CANCELLED, position));
            }
        }
    }

    @Override
    public void push(long incarnation, long requester, byte[] body) {
        sink.push(next(), incarnation, requester, fitting(body));
    }

    @Override
    public void forward(String log, int partition, byte[] command) {
        sink.forward(next(), log, partition, fitting(command));
    }

    @Override
    public void tell(String log, int partition, SessionEvent event) {
        sink.tell(next(), log, partition, event);
    }

    /** Tells a requester that does not read this log how its numbers stand here. */
    void outOfTurn(Requester requester, Origin origin) {
        sink.outOfTurn(
                next(), requester.incarnation(), requester.id(), origin.number(), origin.ref(), requester.lastNumber());
    }

    private static Answer fitting(Answer answer) {
        fitting(answer.body());
        return answer;
    }

    /** What fits no record could never be given out, and nothing after it: the shard stops where it made it. */
    private static byte[] fitting(byte[] body) {
        if (!Effects.fits(body)) {
            throw new IllegalArgumentException("an effect of " + body.length
                    + " bytes; prepare has to refuse what gives more than " + Effects.BODY_BYTES_MAX);
        }
        return body;
    }

    void passedOver(Origin origin, EffectSink.Passed reason) {
        sink.passedOver(position.offset(), origin, reason);
    }

    void sessionMoved(Requester session) {
        sink.sessionMoved(position, session.id(), session.incarnation());
    }

    void gatewayLost(long incarnation) {
        sink.gatewayLost(position, incarnation);
    }
}
