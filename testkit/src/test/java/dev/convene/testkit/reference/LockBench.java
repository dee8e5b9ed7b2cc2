package dev.convene.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A partition of locks, fed record by record; a second replica starts anew from a snapshot before each. */
final class LockBench {
    private static final long GATEWAY = 1;

    /** What followed from the last record. */
    private static final class Sink implements EffectSink {
        final List<String> words = new ArrayList<>();

        @Override
        public void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer) {
            ErrorCode error = answer.error();
            words.add(requester + " " + ref + (error == null ? " ok" : " " + error));
        }

        @Override
        public void push(Position id, long incarnation, long requester, byte[] body) {
            throw new AssertionError("locks push nothing");
        }

        @Override
        public void forward(Position id, String log, int partition, byte[] command) {
            words.add("forward " + log + "-" + partition + " " + LockCommand.read(command));
        }

        @Override
        public void tell(Position id, String log, int partition, SessionEvent event) {
            throw new AssertionError("locks decide nothing about sessions");
        }
    }

    private ShardMachine<LockCommand> machine = new ShardMachine<>(new LockShard(), Set.of());
    private final Map<Long, Long> numbers = new HashMap<>();
    private long nextOffset;
    private long nextEvent;
    private long servedMs;

    LockBench() {
        tell(new SessionEvent.GatewayAttached(GATEWAY, "gw"));
        append(new LogEntry.Term(1, "i"));
    }

    List<String> append(LogEntry entry) {
        ShardMachine<LockCommand> restarted = ShardMachine.fromSnapshot(new LockShard(), machine.snapshot(), Set.of());
        Sink sink = new Sink();
        Sink same = new Sink();
        machine.apply(nextOffset, null, entry.toBytes(), sink);
        restarted.apply(nextOffset, null, entry.toBytes(), same);
        nextOffset++;
        assertThat(same.words).isEqualTo(sink.words);
        assertThat(restarted.digest()).isEqualTo(machine.digest());
        machine = restarted;
        return sink.words;
    }

    List<String> tell(SessionEvent... events) {
        List<LogEntry.Forward> forwards = new ArrayList<>();
        for (SessionEvent event : events) {
            Encoder out = new Encoder();
            event.write(out);
            forwards.add(new LogEntry.Forward(Position.of(nextEvent++), true, out.toBytes()));
        }
        return append(new LogEntry.Forwards("sessions", 0, "e", forwards));
    }

    void connect(long... sessions) {
        for (long session : sessions) {
            tell(new SessionEvent.SessionAttached(session, 1, GATEWAY, "#s" + session + "#gw", true));
        }
    }

    List<String> send(long session, LockCommand command) {
        long number = numbers.merge(session, 1L, Long::sum);
        Origin origin = new Origin(GATEWAY, session, 1, number, number, 0, "");
        return append(new LogEntry.Commands(List.of(new LogEntry.Command(origin, command.toBytes(), null))));
    }

    List<String> acquire(long session, String lock, long waitMs, long leaseMs) {
        return send(session, new LockCommand.Acquire(lock, waitMs, leaseMs));
    }

    List<String> release(long session, String lock) {
        return send(session, new LockCommand.Release(lock));
    }

    /** Lets served time pass, in ticks of a second at most. */
    List<String> pass(long ms) {
        List<String> words = new ArrayList<>(append(new LogEntry.Tick(1, servedMs, 0)));
        long end = servedMs + ms;
        while (servedMs < end) {
            servedMs = Math.min(end, servedMs + 1000);
            words.addAll(append(new LogEntry.Tick(1, servedMs, 0)));
        }
        return words;
    }

    LockShard shard() {
        return (LockShard) machine.shard();
    }
}
