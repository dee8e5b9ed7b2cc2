package dev.convene.systemtests.simulation;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import dev.convene.runtime.host.effect.AnswerBatch;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.log.Topics;
import dev.convene.testkit.sim.Actor;
import dev.convene.testkit.sim.MemoryLog;
import dev.convene.testkit.sim.SimulatedRequester;
import dev.convene.testkit.sim.SimulatedShard;
import dev.convene.testkit.sim.Simulation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A gateway's process: registers, reads both logs, serves sessions, and begins anew when it reads that it was lost. */
final class GatewayModel implements SimulatedGateway {
    private static final long REGISTER_AGAIN_MS = 1000;
    private static final long BEAT_MS = 500;
    private static final int TOKEN_BYTES = 32;

    private final GroupsRun run;
    private final Actor process;
    private final List<GroupReader> readers = new ArrayList<>();
    private final Map<Long, ServedSession> served = new TreeMap<>();
    private final Map<String, Position> lastAnswers = new HashMap<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private long nonce;
    private long incarnation = -1;
    private boolean lost;
    private @Nullable SimulatedRequester asks;

    GatewayModel(GroupsRun run, String name) {
        this.run = run;
        this.process = new Actor(run.simulation(), name);
    }

    @Override
    public Actor process() {
        return process;
    }

    boolean has(Fault fault) {
        return run.fault() == fault;
    }

    Simulation dice() {
        return run.simulation();
    }

    GroupReader reader(int partition) {
        return readers.get(partition);
    }

    @Override
    public void start() {
        process.start();
        readers.clear();
        served.clear();
        lastAnswers.clear();
        waiting.clear();
        incarnation = -1;
        lost = false;
        asks = null;
        nonce = run.simulation().between(1, Long.MAX_VALUE - 1);
        for (int partition = 0; partition < SimulatedShard.ANSWERS_PARTITIONS; partition++) {
            long end = run.broker().log(Topics.ANSWERS, partition).endOffset();
            run.broker().tail(process, Topics.ANSWERS, partition, end, this::takeAnswers);
        }
        for (int partition = 0; partition < run.partitions(); partition++) {
            GroupReader reader = newReader(partition);
            readers.add(reader);
            run.broker().tail(process, Topics.ofLog(GroupsRun.GROUPS), partition, 0, entry -> apply(reader, entry));
        }
        register();
        process.every(BEAT_MS, () -> {
            if (incarnation >= 0) {
                run.beat(incarnation);
            }
        });
    }

    private void register() {
        if (incarnation < 0) {
            byte[] body = new SessionCommand.RegisterGateway(process.name(), nonce, run.graceMs()).toBytes();
            run.broker()
                    .append(process, Topics.ofLog(GroupsRun.SESSIONS), 0, null, new LogEntry.Unasked(body).toBytes())
                    .exceptionally(unknown -> -1L);
            process.after(REGISTER_AGAIN_MS, this::register);
        }
    }

    private GroupReader newReader(int partition) {
        GroupReader.Sink sink = new GroupReader.Sink() {
            @Override
            public void answer(Position id, long life, long requester, long number, long ref, Answer answer) {
                ServedSession session = served.get(requester);
                if (session != null && life == incarnation) {
                    session.answered(partition, number, answer);
                }
            }

            @Override
            public void sessionMoved(Position at, long session, long life) {
                ServedSession here = served.get(session);
                if (here != null
                        && life != incarnation
                        && readers.get(partition).view().session(session).epoch() > here.epoch) {
                    drop(here);
                }
            }

            @Override
            public void gatewayLost(Position at, long life) {
                if (life == incarnation) {
                    lost = true;
                }
            }
        };
        return new GroupReader(partition, this::hear, sink, has(Fault.ACCEPTS_STALE_EPOCHS));
    }

    private void hear(long session, Told told) {
        ServedSession here = served.get(session);
        if (here != null) {
            here.hear(told);
        }
    }

    private void apply(GroupReader reader, MemoryLog.Entry entry) {
        reader.apply(entry);
        if (lost) {
            List.copyOf(served.values()).forEach(this::drop);
            process.crash();
            run.simulation().after(run.simulation().between(10, 1000), this::startAgain);
            return;
        }
        for (ServedSession session : List.copyOf(served.values())) {
            if (session.isAttachedTo(reader.partition()) && reader.view().session(session.id) == null) {
                served.remove(session.id);
                session.pump();
                session.link.push(() -> session.client.ended(session));
            } else {
                session.pump();
            }
        }
        List<Runnable> looks = List.copyOf(waiting);
        waiting.clear();
        looks.forEach(Runnable::run);
    }

    private void startAgain() {
        if (!process.isUp()) {
            start();
        }
    }

    private void drop(ServedSession session) {
        served.remove(session.id);
        disconnect(session);
    }

    private static void disconnect(ServedSession session) {
        if (session.link.isOpen()) {
            session.client.disconnected(session.link);
        }
    }

    private void takeAnswers(MemoryLog.Entry entry) {
        AnswerBatch batch = AnswerBatch.read(entry.value());
        if (incarnation < 0) {
            learnIncarnation(batch);
        }
        if (batch.incarnation() != incarnation) {
            return;
        }
        for (Effect effect : batch.effects()) {
            Position last = lastAnswers.get(batch.log());
            if (last == null || effect.id().isAfter(last)) {
                lastAnswers.put(batch.log(), effect.id());
                if (effect instanceof Effect.Answered answered && asks != null) {
                    asks.answered(answered.number(), answered.answer());
                }
            }
        }
    }

    private void learnIncarnation(AnswerBatch batch) {
        for (Effect effect : batch.effects()) {
            if (effect instanceof Effect.Pushed pushed
                    && SessionReply.read(pushed.body()) instanceof SessionReply.GatewayRegistered registered
                    && registered.nonce() == nonce) {
                incarnation = registered.incarnation();
                asks = new SimulatedRequester(
                        run.broker(), process, GroupsRun.SESSIONS, 0, incarnation, incarnation, 0, 0);
                run.beat(incarnation);
            }
        }
    }

    @Override
    public boolean isReady() {
        return process.isUp() && asks != null && !lost;
    }

    private void ask(SessionCommand command, BiConsumer<Answer, @Nullable SessionReply> reply) {
        if (asks != null) {
            asks.ask(
                    command.toBytes(),
                    null,
                    0,
                    answer -> reply.accept(answer, answer.isOk() ? SessionReply.read(answer.body()) : null));
        }
    }

    private static byte[] token(String name) {
        byte[] token = new byte[TOKEN_BYTES];
        token[0] = (byte) name.hashCode();
        return token;
    }

    SimulatedRequester requesterOf(ServedSession session, int partition, long lastNumber) {
        return new SimulatedRequester(
                run.broker(), process, GroupsRun.GROUPS, partition, incarnation, session.id, session.epoch, lastNumber);
    }

    void connect(ClientModel client, String name, Link link) {
        ask(
                new SessionCommand.Connect(name, token(name), client.membership(), run.graceMs(), 1000),
                (answer, reply) -> {
                    if (reply instanceof SessionReply.Connected c) {
                        ServedSession session = new ServedSession(this, client, c.session(), c.epoch(), link);
                        int home = c.domains().getFirst().partition();
                        when(() -> reader(home).view().session(session.id) != null, () -> {
                            session.attached(home, 0);
                            served.put(session.id, session);
                            link.push(() -> client.connected(session, home, process.name()));
                        });
                    } else {
                        link.push(() -> client.refused(link, answer.error()));
                    }
                });
    }

    /** Waits until the readers show something. */
    private void when(java.util.function.BooleanSupplier shown, Runnable then) {
        if (shown.getAsBoolean()) {
            then.run();
        } else {
            waiting.add(() -> when(shown, then));
        }
    }

    void resume(ClientModel client, long id, String name, Map<Integer, Position> positions, Link link) {
        ask(new SessionCommand.Resume(id, token(name)), (answer, reply) -> {
            if (reply instanceof SessionReply.Resumed r) {
                ServedSession session = new ServedSession(this, client, id, r.epoch(), link);
                List<Integer> partitions = r.domains().stream()
                        .map(SessionReply.Domain::partition)
                        .distinct()
                        .toList();
                when(() -> partitions.stream().allMatch(p -> isAt(p, id, r.epoch())), () -> {
                    if (!partitions.stream().allMatch(p -> isServed(session, p))) {
                        // It was resumed elsewhere meanwhile.
                        return;
                    }
                    partitions.forEach(p -> session.attached(p, reader(p).view().lastNumber(id)));
                    partitions.forEach(p -> replay(session, p, positions.getOrDefault(p, Position.START)));
                    ServedSession before = served.put(id, session);
                    if (before != null) {
                        // Its requests count no longer. Its client may still be there: of two resumes the one that was
                        // given up can come last.
                        disconnect(before);
                    }
                    link.push(() -> client.resumed(session));
                    session.pump();
                });
            } else {
                link.push(() -> client.refused(link, answer.error()));
            }
        });
    }

    private boolean isAt(int partition, long session, int epoch) {
        var attachment = reader(partition).view().session(session);
        return attachment != null && attachment.epoch() >= epoch;
    }

    /** What the session was told above its position, from the log; and, of what it has, what it has seen. */
    private void replay(ServedSession session, int partition, Position given) {
        long next = reader(partition).view().nextOffset();
        List<MemoryLog.Entry> entries = run.broker().log(Topics.ofLog(GroupsRun.GROUPS), partition).all().stream()
                .filter(entry -> entry.offset() < next)
                .toList();
        List<Told> all = new ArrayList<>();
        GroupReader.replay(
                partition,
                entries,
                (id, told) -> {
                    if (id == session.id) {
                        all.add(told);
                    }
                },
                has(Fault.ACCEPTS_STALE_EPOCHS));
        entries.stream()
                .filter(entry -> isBy(session.id, entry))
                .forEach(entry -> session.seen(partition, entry.offset()));
        List<Position> before =
                all.stream().map(Told::at).filter(at -> !at.isAfter(given)).toList();
        List<Position> after =
                all.stream().map(Told::at).filter(at -> at.isAfter(given)).toList();
        Position from = ServedSession.from(given, before, after, this);
        for (Told told : all) {
            if (told.at().isAfter(from)) {
                session.hear(told);
            } else {
                session.seen(told);
            }
        }
    }

    private static boolean isBy(long session, MemoryLog.Entry entry) {
        return entry.header() != null
                && LogEntry.read(entry.header(), entry.value()) instanceof LogEntry.Command command
                && command.origin().requester() == session;
    }

    /** Attaches the session to a domain, then goes on with its partition. */
    void attach(ServedSession session, String domain, java.util.function.IntConsumer then) {
        ask(new SessionCommand.Attach(session.id, session.epoch, GroupsRun.GROUPS, domain), (answer, reply) -> {
            if (reply instanceof SessionReply.Attached a && served.get(session.id) == session) {
                int partition = a.domain().partition();
                when(() -> isServed(session, partition), () -> {
                    if (!session.isAttachedTo(partition)) {
                        session.attached(partition, reader(partition).view().lastNumber(session.id));
                    }
                    session.link.push(() -> then.accept(partition));
                });
            }
        });
    }

    private boolean isServed(ServedSession session, int partition) {
        var attachment = reader(partition).view().session(session.id);
        return attachment != null && attachment.epoch() == session.epoch;
    }

    void suspend(ServedSession session) {
        if (served.remove(session.id, session)) {
            ask(new SessionCommand.Suspend(session.id, session.epoch), (answer, reply) -> {});
        }
    }

    void close(ServedSession session) {
        ask(new SessionCommand.Close(session.id, session.epoch), (answer, reply) -> {});
    }

    @Override
    public void crash() {
        process.crash();
        List.copyOf(served.values()).forEach(this::drop);
        run.simulation().after(run.simulation().between(100, 5000), this::startAgain);
    }

    @Override
    public void giveUpOn() {
        List.copyOf(served.values()).forEach(GatewayModel::disconnect);
    }

    @Override
    public String unrest() {
        if (!isReady() || process.isPaused()) {
            return process.name() + " is not ready, ";
        }
        for (GroupReader reader : readers) {
            long end = run.broker()
                    .log(Topics.ofLog(GroupsRun.GROUPS), reader.partition())
                    .endOffset();
            if (reader.view().nextOffset() < end) {
                return process.name() + " reads, ";
            }
        }
        boolean idle = served.values().stream().allMatch(s -> s.isIdle() && s.link.isEmpty());
        return idle ? "" : process.name() + " delivers, ";
    }
}
