package dev.convene.systemtests.host;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.beat.Beat;
import dev.convene.runtime.host.effect.AnswerBatch;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.host.log.Topics;
import dev.convene.testkit.reference.LockCommand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;

/**
 * A gateway life and its sessions, which ask for locks. What the sessions log would decide about them it says itself. Each
 * request is answered once, or the test fails.
 */
final class LockGateway implements AutoCloseable {
    private static final long LIFE = 1;
    private static final int EPOCH = 1;

    private record Asked(long session, long number) {}

    /** A session. It asks one thing after the other. */
    final class Session {
        private final long id;
        private long lastNumber;

        private Session(long id) {
            this.id = id;
        }

        String name() {
            return "#s" + id + "#gateway";
        }

        CompletableFuture<Answer> ask(LockCommand command) {
            long number = ++lastNumber;
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            open.put(new Asked(id, number), answer);
            Origin origin = new Origin(LIFE, id, EPOCH, number, number, 0, "");
            appendUntilItStands(new LogEntry.Command(origin, command.toBytes(), null));
            return answer;
        }
    }

    private final HostedLog<LockCommand> log;
    private final Instance instance;
    private final LogReader reader;
    private final Map<Asked, CompletableFuture<Answer>> open = new ConcurrentHashMap<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicLong decisions = new AtomicLong();
    private final AtomicLong sessions = new AtomicLong(100);
    /** The newest effect of each partition. The reader's thread only. */
    private final Map<Integer, Position> taken = new HashMap<>();

    LockGateway(HostedLog<LockCommand> log) {
        this.log = log;
        this.instance = log.visitor("gateway");
        this.reader = instance.newReader("answers");
        int partition = AnswerBatch.partitionOf(LIFE, instance.partitions(Topics.ANSWERS));
        TopicPartition answers = new TopicPartition(Topics.ANSWERS, partition);
        reader.add(answers, TestGateway.within(instance.admin().end(answers)), this::answered);
        decide(new SessionEvent.GatewayAttached(LIFE, "gateway"));
    }

    Session newSession() {
        Session session = new Session(sessions.incrementAndGet());
        decide(new SessionEvent.SessionAttached(session.id, EPOCH, LIFE, session.name(), true));
        return session;
    }

    private void decide(SessionEvent event) {
        Encoder out = new Encoder();
        event.write(out);
        LogEntry.Forward forward = new LogEntry.Forward(Position.of(decisions.incrementAndGet()), true, out.toBytes());
        TestGateway.within(appendUntilItStands(new LogEntry.Forwards("sessions", 0, "e", List.of(forward))));
    }

    /** The same again as long as nobody knows that it stands in the log. */
    private CompletableFuture<Long> appendUntilItStands(LogEntry entry) {
        return instance.writer()
                .append(log.topic(), 0, entry.toBytes())
                .exceptionallyComposeAsync(
                        failure -> appendUntilItStands(entry),
                        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
    }

    private void answered(LogRecord record) {
        AnswerBatch batch = AnswerBatch.read(record.value());
        for (Effect effect : batch.effects()) {
            Position newest = taken.get(batch.partition());
            // Two owners for a moment both give the same effect.
            if (newest == null || effect.id().isAfter(newest)) {
                taken.put(batch.partition(), effect.id());
                switch (effect) {
                    case Effect.Answered answer -> take(answer);
                    // A repetition, since nobody knew that the first stands; its answer is given again.
                    case Effect.OutOfTurn repeated -> {}
                    default -> faults.add("nobody has asked for " + effect);
                }
            }
        }
    }

    private void take(Effect.Answered answer) {
        CompletableFuture<Answer> waiting = open.remove(new Asked(answer.requester(), answer.number()));
        if (waiting != null) {
            waiting.complete(answer.answer());
        } else if (!answer.answer().duplicate()) {
            faults.add("answered twice: " + answer);
        }
    }

    /** The name of the instance that owns the newest term of which anybody was heard to be the owner; empty before. */
    String owner(int partition) {
        return instance.beats().book().all().stream()
                .flatMap(beat -> beat.held().stream()
                        .filter(held -> held.log().equals(log.name())
                                && held.partition() == partition
                                && held.standing() == Beat.Standing.OWNER)
                        .map(held -> Map.entry(held.term(), beat.life().instance())))
                .max(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .orElse("");
    }

    Instance instance() {
        return instance;
    }

    List<String> faults() {
        return faults;
    }

    @Override
    public void close() {
        reader.close();
        instance.close();
    }
}
