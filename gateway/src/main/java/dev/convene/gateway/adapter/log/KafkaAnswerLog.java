package dev.convene.gateway.adapter.log;

import dev.convene.gateway.core.log.AnswerLog;
import dev.convene.protocol.log.SourcePosition;
import dev.convene.runtime.host.AnswersListener;
import dev.convene.runtime.host.AnswersReader;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.log.LogReader;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The answers topic. */
public final class KafkaAnswerLog implements AnswerLog, AutoCloseable {
    private final Instance instance;
    private final LogReader reader;
    private @Nullable AnswersReader answers;

    public KafkaAnswerLog(Instance instance) {
        this.instance = instance;
        this.reader = instance.newReader("answers");
    }

    @Override
    public synchronized CompletableFuture<Void> awaitRegistration(Listener listener) {
        AnswersReader present = answers;
        if (present == null) {
            present = new AnswersReader(instance, reader, new Forwarding(listener));
            answers = present;
        }
        return present.awaitRegistration();
    }

    private record Forwarding(Listener listener) implements AnswersListener {
        @Override
        public void answered(SourcePosition source, Effect.Answered answer) {
            listener.answer(
                    source.log(),
                    source.partition(),
                    answer.incarnation(),
                    answer.requester(),
                    answer.number(),
                    answer.ref(),
                    answer.answer());
        }

        @Override
        public void outOfTurn(SourcePosition source, Effect.OutOfTurn request) {
            listener.outOfTurn(
                    source.log(),
                    request.incarnation(),
                    request.requester(),
                    request.number(),
                    request.ref(),
                    request.lastNumber());
        }

        @Override
        public void pushed(SourcePosition source, Effect.Pushed push) {
            listener.push(push.incarnation(), push.body());
        }

        @Override
        public void lost() {
            listener.lost();
        }

        @Override
        public boolean isRegistration(Effect.Pushed push) {
            return listener.isRegistration(push.body());
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
