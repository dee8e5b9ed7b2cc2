package dev.convene.testkit.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A machine around a {@link ProbeShard}, with a second one that starts anew from a snapshot before each record and must
 * give the same. Gateway lives 1 and 2 are attached.
 */
final class MachineBench {

    /** What followed from the last record, as words. */
    static final class Effects implements EffectSink {
        final List<String> words = new ArrayList<>();
        final List<Answer> answers = new ArrayList<>();
        final List<Passed> passed = new ArrayList<>();

        @Override
        public void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer) {
            words.add("answer " + id + " to " + incarnation + "/" + requester + " " + number + " ref " + ref + ": "
                    + (answer.error() == null ? "ok" : answer.error()) + " at " + answer.at()
                    + (answer.duplicate() ? " duplicate" : ""));
            answers.add(answer);
        }

        @Override
        public void push(Position id, long incarnation, long requester, byte[] body) {
            words.add("push " + id + " " + new String(body, StandardCharsets.UTF_8));
        }

        @Override
        public void forward(Position id, String log, int partition, byte[] command) {
            words.add(
                    "forward " + id + " " + log + "-" + partition + " " + new String(command, StandardCharsets.UTF_8));
        }

        @Override
        public void tell(Position id, String log, int partition, SessionEvent event) {
            words.add("tell " + id + " " + event);
        }

        @Override
        public void outOfTurn(Position id, long incarnation, long requester, long number, long ref, long lastNumber) {
            words.add("out of turn " + number + ", last " + lastNumber + ", " + id + " to " + incarnation + "/"
                    + requester + " ref " + ref);
        }

        @Override
        public void passedOver(long offset, Origin origin, Passed reason) {
            words.add("passed over " + reason);
            passed.add(reason);
        }

        @Override
        public void sessionMoved(Position at, long session, long incarnation) {
            words.add("moved " + session + " to " + incarnation);
        }

        @Override
        public void gatewayLost(Position at, long incarnation) {
            words.add("gateway lost " + incarnation);
        }
    }

    final Set<Long> skipped;
    ProbeShard shard = new ProbeShard();
    ShardMachine<String> machine;
    Effects last = new Effects();
    private long nextOffset;
    private long nextEvent;

    MachineBench(Long... skippedOffsets) {
        skipped = Set.of(skippedOffsets);
        machine = new ShardMachine<>(shard, skipped);
        tell(new SessionEvent.GatewayAttached(1, "one"));
        tell(new SessionEvent.GatewayAttached(2, "two"));
    }

    long nextOffset() {
        return nextOffset;
    }

    void skipOffsets(int count) {
        nextOffset += count;
    }

    Effects append(LogEntry entry) {
        byte[] payload = entry instanceof LogEntry.Command command ? command.payload() : null;
        return payload == null ? append(null, entry.toBytes()) : append(entry.toBytes(), payload);
    }

    Effects append(byte @Nullable [] header, byte @Nullable [] value) {
        ProbeShard other = new ProbeShard();
        other.behaviourMax = shard.behaviourMax;
        ShardMachine<String> restarted = ShardMachine.fromSnapshot(other, machine.snapshot(), skipped);
        assertThat(restarted.digest()).isEqualTo(machine.digest());
        last = new Effects();
        long offset = nextOffset++;
        machine.apply(offset, header, value, last);
        Effects same = new Effects();
        restarted.apply(offset, header, value, same);
        assertThat(same.words).isEqualTo(last.words);
        assertThat(other.seen).isEqualTo(shard.seen);
        assertThat(restarted.digest()).isEqualTo(machine.digest());
        assertThat(restarted.view().keptBytes()).isEqualTo(machine.view().keptBytes());
        assertThat(restarted.view().keyBytes()).isEqualTo(machine.view().keyBytes());
        return last;
    }

    Effects tell(SessionEvent... events) {
        List<LogEntry.Forward> forwards = new ArrayList<>();
        for (SessionEvent event : events) {
            forwards.add(forward(nextEvent++, event));
        }
        return append(new LogEntry.Forwards("convene.sessions", 0, "e", forwards));
    }

    static LogEntry.Forward forward(long offset, SessionEvent event) {
        Encoder out = new Encoder();
        event.write(out);
        return new LogEntry.Forward(Position.of(offset), true, out.toBytes());
    }

    void attach(long session, long incarnation) {
        tell(new SessionEvent.SessionAttached(session, 1, incarnation, "#s" + session + "#g", true));
    }

    static LogEntry.Command command(Origin origin, String body) {
        return new LogEntry.Command(origin, body.getBytes(StandardCharsets.UTF_8), null);
    }

    static Origin numbered(long incarnation, long session, int epoch, long number) {
        return new Origin(incarnation, session, epoch, number, 100 + number, 0, "");
    }

    static Origin keyed(long incarnation, long session, long number, String key) {
        return new Origin(incarnation, session, session == incarnation ? 0 : 1, number, 100 + number, 0, key);
    }

    static Origin sequenced(long incarnation, long session, int epoch, long number, long seq) {
        return new Origin(incarnation, session, epoch, number, 100 + number, seq, "");
    }

    Effects send(Origin origin, String body) {
        return append(command(origin, body));
    }

    /** Without the second machine, for where there is much to do. */
    Effects sendAlone(Origin origin, String body) {
        last = new Effects();
        machine.apply(nextOffset++, null, new LogEntry.Commands(List.of(command(origin, body))).toBytes(), last);
        return last;
    }

    Effects tick(long term, long servedMs, long wallMs) {
        return append(new LogEntry.Tick(term, servedMs, wallMs));
    }
}
