package dev.convene.groupservice.core.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The sessions log in memory: every record is written to bytes and read again, as from Kafka, and what the shard tells
 * goes back into the log or to the partitions of the group log.
 */
final class SessionsLog {
    static final int PARTITIONS = 4;
    static final int GRACE_MS = 10_000;

    private record Written(long offset, byte[] value) {}

    private record Told(Position id, SessionEvent event) {}

    private final List<Written> records = new ArrayList<>();
    private final List<String> effects = new ArrayList<>();
    private final List<SessionFact> facts = new ArrayList<>();
    private final Map<Integer, GroupPartition> partitions = new TreeMap<>();
    private final Map<Long, List<SessionReply>> pushes = new LinkedHashMap<>();
    private final ArrayDeque<Told> toSelf = new ArrayDeque<>();
    private final Sink sink = new Sink();
    private ShardMachine<SessionCommand> machine;
    private Answer lastAnswer;
    private EffectSink.Passed lastPassed;
    private long nextOffset;
    private long term;
    private boolean held;

    private SessionsLog() {
        machine = new ShardMachine<>(new SessionsShard(facts::add), Set.of());
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.put(partition, new GroupPartition());
        }
        write(new LogEntry.Term(++term, "owner"));
    }

    /** A log with an owner and a declared group log. */
    static SessionsLog ready() {
        SessionsLog log = empty();
        log.owner(new SessionCommand.DeclareLog(SessionsShard.GROUPS_LOG, PARTITIONS));
        return log;
    }

    /** A log with an owner and nothing else. */
    static SessionsLog empty() {
        return new SessionsLog();
    }

    /** A registered gateway that may ask. */
    Gateway gateway(String name) {
        return gateway(name, records.size() + 1000L);
    }

    Gateway gateway(String name, long nonce) {
        return new Gateway(this, name, register(name, nonce));
    }

    /** Appends a registration and returns its offset. */
    long register(String name, long nonce) {
        return unasked(new SessionCommand.RegisterGateway(name, nonce, GRACE_MS));
    }

    long unasked(SessionCommand command) {
        return write(new LogEntry.Unasked(command.toBytes()));
    }

    long owner(SessionCommand command) {
        return write(new LogEntry.OwnerCommand(term, command.toBytes()));
    }

    /** The owner has missed this gateway's beats; it has applied everything that is written now. */
    void declareLost(Gateway gateway) {
        owner(new SessionCommand.DeclareGatewayLost(gateway.incarnation(), nextOffset, GRACE_MS));
    }

    /** One command; its answer, or null if it was not answered. */
    Answer ask(Origin origin, SessionCommand command) {
        return ask(List.of(new LogEntry.Command(origin, command.toBytes(), null)));
    }

    /** One record with several commands; the last answer. */
    Answer ask(List<LogEntry.Command> commands) {
        lastAnswer = null;
        lastPassed = null;
        write(new LogEntry.Commands(commands));
        return lastAnswer;
    }

    /** The reply of the last command, which has succeeded. */
    <R extends SessionReply> R lastReply(Class<R> kind) {
        return kind.cast(replyOf(lastAnswer));
    }

    /** Why the last command was passed over, or null. */
    EffectSink.Passed lastPassed() {
        return lastPassed;
    }

    /** Served time passes, at most two seconds with one tick; timers set before begin with the first tick. */
    void pass(long ms) {
        tick(0);
        long left = ms;
        while (left > 0) {
            long step = Math.min(left, 2000);
            tick(step);
            left -= step;
        }
    }

    void tick(long ms) {
        long served = machine.view().servedMs() + ms;
        write(new LogEntry.Tick(term, served, served));
    }

    /** What the shard tells its own log stays out until {@link #release}. */
    void hold() {
        held = true;
    }

    void release() {
        held = false;
        settle();
    }

    long write(LogEntry entry) {
        long offset = append(entry);
        settle();
        return offset;
    }

    private long append(LogEntry entry) {
        long offset = nextOffset++;
        Written written = new Written(offset, entry.toBytes());
        records.add(written);
        machine.apply(offset, null, written.value, sink);
        return offset;
    }

    private void settle() {
        while (!held && !toSelf.isEmpty()) {
            List<LogEntry.Forward> forwards = new ArrayList<>();
            while (!toSelf.isEmpty()) {
                Told told = toSelf.removeFirst();
                Encoder body = new Encoder();
                told.event.write(body);
                forwards.add(new LogEntry.Forward(told.id, true, body.toBytes()));
            }
            append(new LogEntry.Forwards(SessionsShard.LOG, 0, "epoch", forwards));
        }
    }

    GroupPartition partition(int number) {
        return partitions.get(number);
    }

    /** The partition of the group log where this domain lives. */
    GroupPartition partition(SessionReply.Domain domain) {
        return partition(domain.partition());
    }

    /** What was pushed to this gateway life, in order. */
    List<SessionReply> pushed(long incarnation) {
        return pushes.getOrDefault(incarnation, List.of());
    }

    List<SessionFact> facts() {
        return facts;
    }

    SessionsShard shard() {
        return (SessionsShard) machine.shard();
    }

    ShardMachine<SessionCommand> machine() {
        return machine;
    }

    /** Goes on with a machine that was made from a snapshot of the present one; both have the same digest. */
    void restartFromSnapshot() {
        byte[] snapshot = machine.snapshot();
        machine = ShardMachine.fromSnapshot(new SessionsShard(facts::add), snapshot, Set.of());
        assertThat(machine.snapshot()).isEqualTo(snapshot);
    }

    /** A machine that reads the whole log again comes to the same state through the same effects. */
    void checkReplay() {
        ShardMachine<SessionCommand> again = new ShardMachine<>(new SessionsShard(SessionsListener.NONE), Set.of());
        List<String> sameEffects = new ArrayList<>();
        records.forEach(record -> again.apply(record.offset, null, record.value, new Sink() {
            @Override
            void note(String effect) {
                sameEffects.add(effect);
            }

            @Override
            void take(Answer answer) {}

            @Override
            void take(long incarnation, SessionReply reply) {}

            @Override
            void take(Position id, String log, int partition, SessionEvent event) {}
        }));
        assertThat(again.digest()).isEqualTo(machine.digest());
        assertThat(sameEffects).isEqualTo(effects);
    }

    static SessionReply replyOf(Answer answer) {
        assertThat(answer).isNotNull();
        assertThat(answer.error()).isNull();
        return SessionReply.read(answer.body());
    }

    static ErrorCode errorOf(Answer answer) {
        assertThat(answer).isNotNull();
        return answer.error();
    }

    private class Sink implements EffectSink {
        private Position last = Position.START;

        void note(String effect) {
            effects.add(effect);
        }

        void take(Answer answer) {
            lastAnswer = answer;
        }

        void take(long incarnation, SessionReply reply) {
            pushes.computeIfAbsent(incarnation, i -> new ArrayList<>()).add(reply);
        }

        void take(Position id, String log, int partition, SessionEvent event) {
            if (log.equals(SessionsShard.LOG)) {
                toSelf.add(new Told(id, event));
            } else {
                partitions.get(partition).told(id, event);
            }
        }

        private void rises(Position id) {
            assertThat(id).isGreaterThan(last);
            last = id;
        }

        @Override
        public void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer) {
            rises(id);
            Encoder out = new Encoder();
            answer.write(out);
            note(id + " answers " + requester + "/" + number + " " + java.util.Arrays.toString(out.toBytes()));
            take(answer);
        }

        @Override
        public void push(Position id, long incarnation, long requester, byte[] body) {
            rises(id);
            SessionReply reply = SessionReply.read(body);
            note(id + " pushes to " + incarnation + " " + reply);
            take(incarnation, reply);
        }

        @Override
        public void forward(Position id, String log, int partition, byte[] command) {
            throw new AssertionError("the sessions shard forwards no commands");
        }

        @Override
        public void tell(Position id, String log, int partition, SessionEvent event) {
            rises(id);
            Encoder out = new Encoder();
            event.write(out);
            note(id + " tells " + log + "/" + partition + " " + java.util.Arrays.toString(out.toBytes()));
            take(id, log, partition, event);
        }

        @Override
        public void passedOver(long offset, Origin origin, Passed reason) {
            lastPassed = reason;
        }
    }
}
