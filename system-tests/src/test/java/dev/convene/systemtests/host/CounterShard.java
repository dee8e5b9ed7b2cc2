package dev.convene.systemtests.host;

import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.Change;
import dev.convene.runtime.Effects;
import dev.convene.runtime.Request;
import dev.convene.runtime.Shard;
import dev.convene.runtime.ShardContext;
import dev.convene.runtime.Timer;
import java.util.Map;
import java.util.TreeMap;

/** Named counters, with a command for everything that a host has to care for. */
final class CounterShard implements Shard<CounterShard.Command> {

    sealed interface Command {
        /** Adds to a counter; the answer's body is the new total. */
        record Add(String counter, long amount) implements Command {}

        /** A gateway begins a life: it is attached to this many partitions of the log and told its incarnation. */
        record Register(long nonce, int partitions) implements Command {}

        /** Adds to a counter of another partition. */
        record AddThere(int partition, String counter, long amount) implements Command {}

        /** Adds 1 to the counter when the time has passed. */
        record AddLater(long delayMs, String counter) implements Command {}

        /** Adds to a counter of the first partition of another log. */
        record AddElsewhere(String log, String counter, long amount) implements Command {}

        /** Its change fails. */
        record Fail() implements Command {}

        default byte[] toBytes() {
            Encoder out = new Encoder();
            switch (this) {
                case Add c -> out.u8(1).string(c.counter).zigzag(c.amount);
                case Register c -> out.u8(2).fixed64(c.nonce).varint(c.partitions);
                case AddThere c ->
                    out.u8(3).varint(c.partition).string(c.counter).zigzag(c.amount);
                case AddLater c -> out.u8(4).varlong(c.delayMs).string(c.counter);
                case Fail c -> out.u8(5);
                case AddElsewhere c -> out.u8(6).string(c.log).string(c.counter).zigzag(c.amount);
            }
            return out.toBytes();
        }

        static Command read(byte[] body) {
            Decoder in = new Decoder(body);
            return switch (in.u8()) {
                case 1 -> new Add(in.string(), in.zigzag());
                case 2 -> new Register(in.fixed64(), in.varint());
                case 3 -> new AddThere(in.varint(), in.string(), in.zigzag());
                case 4 -> new AddLater(in.varlong(), in.string());
                case 5 -> new Fail();
                case 6 -> new AddElsewhere(in.string(), in.string(), in.zigzag());
                default -> throw new MalformedRecordException("no such command");
            };
        }
    }

    private final String log;
    private final int behaviourMax;
    private final Map<String, Long> totals = new TreeMap<>();
    private final Map<Long, String> waiting = new TreeMap<>();
    private long lastKey;
    private ShardContext context;

    CounterShard(String log) {
        this(log, 1);
    }

    /** @param behaviourMax the newest behaviour version that this code is to know */
    CounterShard(String log, int behaviourMax) {
        this.log = log;
        this.behaviourMax = behaviourMax;
    }

    @Override
    public int behaviourMax() {
        return behaviourMax;
    }

    long total(String counter) {
        return totals.getOrDefault(counter, 0L);
    }

    @Override
    public void begin(ShardContext surroundings) {
        context = surroundings;
    }

    @Override
    public Command decode(byte[] body, byte[] payload) {
        return Command.read(body);
    }

    @Override
    public Change prepare(Command command, Request request) {
        return switch (command) {
            case Command.Add c ->
                effects -> {
                    long total = totals.merge(c.counter, c.amount, Long::sum);
                    byte[] body = new Encoder().zigzag(total).toBytes();
                    effects.answer(request, Answer.ok(request.position(), body));
                };
            case Command.Register c -> effects -> register(c, request, effects);
            case Command.AddThere c ->
                effects -> {
                    effects.forward(log, c.partition, new Command.Add(c.counter, c.amount).toBytes());
                    effects.answer(request, Answer.ok(request.position()));
                };
            case Command.AddElsewhere c ->
                effects -> {
                    effects.forward(c.log, 0, new Command.Add(c.counter, c.amount).toBytes());
                    effects.answer(request, Answer.ok(request.position()));
                };
            case Command.AddLater c ->
                effects -> {
                    waiting.put(++lastKey, c.counter);
                    context.after(c.delayMs, 1, lastKey);
                    effects.answer(request, Answer.ok(request.position()));
                };
            case Command.Fail c ->
                effects -> {
                    throw new IllegalStateException("a change that fails");
                };
        };
    }

    private void register(Command.Register command, Request request, Effects effects) {
        long incarnation = request.position().offset();
        for (int partition = 0; partition < command.partitions; partition++) {
            effects.tell(log, partition, new SessionEvent.GatewayAttached(incarnation, "gateway"));
        }
        effects.push(
                incarnation, incarnation, new Encoder().fixed64(command.nonce).toBytes());
    }

    @Override
    public void due(Timer timer, Effects effects) {
        String counter = waiting.remove(timer.key());
        totals.merge(counter, 1L, Long::sum);
    }

    @Override
    public void write(Encoder out) {
        out.varint(totals.size());
        totals.forEach((counter, total) -> out.string(counter).zigzag(total));
        out.varint(waiting.size());
        waiting.forEach((key, counter) -> out.varlong(key).string(counter));
        out.varlong(lastKey);
    }

    @Override
    public void read(Decoder in) {
        for (int left = in.count(2); left > 0; left--) {
            totals.put(in.string(), in.zigzag());
        }
        for (int left = in.count(2); left > 0; left--) {
            waiting.put(in.varlong(), in.string());
        }
        lastKey = in.varlong();
    }
}
