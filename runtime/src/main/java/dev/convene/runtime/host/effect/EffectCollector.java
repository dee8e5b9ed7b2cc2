package dev.convene.runtime.host.effect;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.EffectSink;
import java.util.function.Consumer;

/** Turns what a machine gives into effects, and shows it to an observer too. Not thread-safe. */
public final class EffectCollector implements EffectSink {
    private final Consumer<Effect> taker;
    private final EffectSink observer;
    private final boolean takesAnswers;

    /**
     * @param taker takes the effects in order
     * @param observer sees everything, on every replica; {@link EffectSink#NONE} if nobody looks
     * @param takesAnswers whether answers are effects here
     */
    public EffectCollector(Consumer<Effect> taker, EffectSink observer, boolean takesAnswers) {
        this.taker = taker;
        this.observer = observer;
        this.takesAnswers = takesAnswers;
    }

    @Override
    public void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer) {
        if (takesAnswers) {
            taker.accept(new Effect.Answered(id, incarnation, requester, number, ref, answer));
        }
        observer.answer(id, incarnation, requester, number, ref, answer);
    }

    @Override
    public void outOfTurn(Position id, long incarnation, long requester, long number, long ref, long lastNumber) {
        if (takesAnswers) {
            taker.accept(new Effect.OutOfTurn(id, incarnation, requester, number, ref, lastNumber));
        }
        observer.outOfTurn(id, incarnation, requester, number, ref, lastNumber);
    }

    @Override
    public void push(Position id, long incarnation, long requester, byte[] body) {
        taker.accept(new Effect.Pushed(id, incarnation, requester, body));
        observer.push(id, incarnation, requester, body);
    }

    @Override
    public void forward(Position id, String log, int partition, byte[] command) {
        taker.accept(new Effect.Forwarded(id, log, partition, false, command));
        observer.forward(id, log, partition, command);
    }

    @Override
    public void tell(Position id, String log, int partition, SessionEvent event) {
        Encoder out = new Encoder();
        event.write(out);
        taker.accept(new Effect.Forwarded(id, log, partition, true, out.toBytes()));
        observer.tell(id, log, partition, event);
    }

    @Override
    public void passedOver(long offset, Origin origin, Passed reason) {
        observer.passedOver(offset, origin, reason);
    }

    @Override
    public void sessionMoved(Position at, long session, long incarnation) {
        observer.sessionMoved(at, session, incarnation);
    }

    @Override
    public void gatewayLost(Position at, long incarnation) {
        observer.gatewayLost(at, incarnation);
    }
}
