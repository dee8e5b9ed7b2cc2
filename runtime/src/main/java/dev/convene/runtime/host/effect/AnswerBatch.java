package dev.convene.runtime.host.effect;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import java.util.ArrayList;
import java.util.List;

/**
 * A record of the answers topic: effects of one shard for one gateway life, in order.
 *
 * @param log the source log
 * @param partition the source partition
 * @param epoch the source log's epoch
 * @param incarnation the gateway life
 * @param effects {@link Effect.Answered}, {@link Effect.OutOfTurn} and {@link Effect.Pushed} only
 */
public record AnswerBatch(String log, int partition, String epoch, long incarnation, List<Effect> effects) {
    private static final int VERSION = 1;
    private static final int ANSWER = 1;
    private static final int PUSH = 2;
    private static final int OUT_OF_TURN = 3;

    /** The partition of the answers topic that a gateway life reads. */
    public static int partitionOf(long incarnation, int partitions) {
        return (int) Long.remainderUnsigned(incarnation, partitions);
    }

    /** The record's value. */
    public byte[] toBytes() {
        int size = effects.stream().mapToInt(Effect::sizeBytes).sum();
        Encoder out = new Encoder(64 + size).u8(VERSION).varlong(incarnation);
        out.string(log).varint(partition).string(epoch).varint(effects.size());
        for (Effect effect : effects) {
            Position id = effect.id();
            switch (effect) {
                case Effect.Answered e -> {
                    out.u8(ANSWER).varlong(id.offset()).varint(id.index());
                    out.varlong(e.requester()).varlong(e.number()).varlong(e.ref());
                    e.answer().write(out);
                }
                case Effect.Pushed e ->
                    out.u8(PUSH)
                            .varlong(id.offset())
                            .varint(id.index())
                            .varlong(e.requester())
                            .bytes(e.body());
                case Effect.OutOfTurn e -> {
                    out.u8(OUT_OF_TURN).varlong(id.offset()).varint(id.index());
                    out.varlong(e.requester()).varlong(e.number()).varlong(e.ref());
                    out.varlong(e.lastNumber());
                }
                case Effect.Forwarded e -> throw new IllegalArgumentException("no answer: " + e.id());
            }
        }
        return out.toBytes();
    }

    /** For whom a record is, without reading the rest. */
    public static long incarnationOf(byte[] bytes) {
        return begin(bytes).varlong();
    }

    /** @throws MalformedRecordException if the bytes are not such a record */
    public static AnswerBatch read(byte[] bytes) {
        Decoder in = begin(bytes);
        long incarnation = in.varlong();
        String log = in.string();
        int partition = in.varint();
        String epoch = in.string();
        int count = in.count(5);
        List<Effect> effects = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int kind = in.u8();
            Position id = new Position(in.varlong(), in.varint());
            effects.add(
                    switch (kind) {
                        case ANSWER ->
                            new Effect.Answered(
                                    id, incarnation, in.varlong(), in.varlong(), in.varlong(), Answer.read(in));
                        case PUSH -> new Effect.Pushed(id, incarnation, in.varlong(), in.bytes());
                        case OUT_OF_TURN ->
                            new Effect.OutOfTurn(
                                    id, incarnation, in.varlong(), in.varlong(), in.varlong(), in.varlong());
                        default -> throw new MalformedRecordException("no such effect: " + kind);
                    });
        }
        return new AnswerBatch(log, partition, epoch, incarnation, effects);
    }

    private static Decoder begin(byte[] bytes) {
        Decoder in = new Decoder(bytes);
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedRecordException("answers of version " + version + " are not known here");
        }
        return in;
    }
}
