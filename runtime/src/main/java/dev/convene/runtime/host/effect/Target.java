package dev.convene.runtime.host.effect;

import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.host.log.Topics;
import java.util.ArrayList;
import java.util.List;

/** Where effects go: whatever goes to one target goes in order. */
sealed interface Target {
    /** A gateway life, through the answers topic. */
    record Gateway(long incarnation) implements Target {}

    /** Another shard, through its log. */
    record OtherShard(String log, int partition) implements Target {}

    /** Where this effect goes. */
    static Target of(Effect effect) {
        return switch (effect) {
            case Effect.Answered e -> new Gateway(e.incarnation());
            case Effect.OutOfTurn e -> new Gateway(e.incarnation());
            case Effect.Pushed e -> new Gateway(e.incarnation());
            case Effect.Forwarded e -> new OtherShard(e.log(), e.partition());
        };
    }

    /** The topic in which the target reads. */
    default String topic() {
        return switch (this) {
            case Gateway g -> Topics.ANSWERS;
            case OtherShard s -> Topics.ofLog(s.log);
        };
    }

    /** The partition in which the target reads. */
    default int partition(int answersPartitions) {
        return switch (this) {
            case Gateway g -> AnswerBatch.partitionOf(g.incarnation, answersPartitions);
            case OtherShard s -> s.partition;
        };
    }

    /** The record that carries these effects of one source to the target. */
    default byte[] pack(Source source, List<Effect> effects) {
        return switch (this) {
            case Gateway g ->
                new AnswerBatch(source.log(), source.partition(), source.epoch(), g.incarnation, effects).toBytes();
            case OtherShard s -> {
                List<LogEntry.Forward> forwards = new ArrayList<>(effects.size());
                for (Effect effect : effects) {
                    if (effect instanceof Effect.Forwarded f) {
                        forwards.add(new LogEntry.Forward(f.id(), f.sessionEvent(), f.body()));
                    }
                }
                yield new LogEntry.Forwards(source.log(), source.partition(), source.epoch(), forwards).toBytes();
            }
        };
    }
}
