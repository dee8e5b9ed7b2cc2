package dev.convene.testkit.sim;

import dev.convene.protocol.Position;
import dev.convene.runtime.host.effect.AnswerBatch;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.log.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** How a gateway life reads the topic of answers: what is not above the last effect of its source is dropped. */
public final class SimulatedAnswers {
    private record From(String log, int partition, String epoch) {}

    private final Map<From, Position> last = new HashMap<>();
    private final long incarnation;
    private final Consumer<Effect> taker;

    private SimulatedAnswers(long incarnation, Consumer<Effect> taker) {
        this.incarnation = incarnation;
        this.taker = taker;
    }

    /** Reads from an offset on, while the process's present life lasts. */
    public static void read(Broker broker, Actor gateway, long incarnation, long fromOffset, Consumer<Effect> taker) {
        SimulatedAnswers answers = new SimulatedAnswers(incarnation, taker);
        int partition = AnswerBatch.partitionOf(incarnation, SimulatedShard.ANSWERS_PARTITIONS);
        broker.tail(gateway, Topics.ANSWERS, partition, fromOffset, answers::take);
    }

    private void take(MemoryLog.Entry entry) {
        byte[] value = entry.value();
        if (value == null || AnswerBatch.incarnationOf(value) != incarnation) {
            return;
        }
        AnswerBatch batch = AnswerBatch.read(value);
        From from = new From(batch.log(), batch.partition(), batch.epoch());
        for (Effect effect : batch.effects()) {
            Position known = last.get(from);
            if (known == null || effect.id().isAfter(known)) {
                last.put(from, effect.id());
                taker.accept(effect);
            }
        }
    }
}
