package dev.convene.benchmarks.streams;

import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.Change;
import dev.convene.runtime.Request;
import dev.convene.runtime.Shard;
import dev.convene.runtime.ShardContext;
import org.jspecify.annotations.Nullable;

/** Counters in an array. */
final class AddShard implements Shard<AddShard.Command> {
    /** Adds 1 to a counter; below zero it registers the asking process instead. */
    record Command(int counter) {
        static final Command REGISTER = new Command(-1);

        byte[] toBytes() {
            return new Encoder().zigzag(counter).toBytes();
        }
    }

    private final String log;
    private final long[] totals = new long[Contender.COUNTERS];

    AddShard(String log) {
        this.log = log;
    }

    @Override
    public Command decode(byte[] body, byte @Nullable [] payload) {
        return new Command((int) new Decoder(body).zigzag());
    }

    @Override
    public Change prepare(Command command, Request request) {
        if (command.counter < 0) {
            return effects -> {
                long incarnation = request.position().offset();
                effects.tell(log, 0, new SessionEvent.GatewayAttached(incarnation, "asker"));
                effects.push(incarnation, incarnation, new byte[] {1});
            };
        }
        return effects -> effects.answer(
                request,
                Answer.ok(
                        request.position(),
                        new Encoder().zigzag(++totals[command.counter]).toBytes()));
    }

    @Override
    public void begin(ShardContext surroundings) {
        // It needs no time.
    }

    @Override
    public void write(Encoder out) {
        for (long total : totals) {
            out.zigzag(total);
        }
    }

    @Override
    public void read(Decoder in) {
        for (int i = 0; i < totals.length; i++) {
            totals[i] = in.zigzag();
        }
    }
}
