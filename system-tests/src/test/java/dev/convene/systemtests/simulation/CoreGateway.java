package dev.convene.systemtests.simulation;

import dev.convene.gateway.core.GatewayCounters;
import dev.convene.gateway.core.LogGateway;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.log.AnswerLog;
import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.LogState;
import dev.convene.gateway.core.log.OutRecord;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.host.effect.AnswerBatch;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.log.Topics;
import dev.convene.testkit.client.TestLimits;
import dev.convene.testkit.sim.Actor;
import dev.convene.testkit.sim.MemoryLog;
import dev.convene.testkit.sim.SimulatedShard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The product's gateway core as a process of a run: only its clock, its logs and its sockets are simulated. */
final class CoreGateway implements SimulatedGateway, Appender, Scheduler, AnswerLog, LogGateway.Events {
    private static final long CLOCK_START_MS = 1_000_000;
    private static final long BEAT_MS = 500;

    private final GroupsRun run;
    private final Actor process;
    private final List<Link> links = new ArrayList<>();
    private @Nullable LogGateway gateway;
    private @Nullable SimulatedGroupLog groups;
    private long beatsAs = -1;

    CoreGateway(GroupsRun run, String name) {
        this.run = run;
        this.process = new Actor(run.simulation(), name);
    }

    @Override
    public Actor process() {
        return process;
    }

    LogGateway gateway() {
        if (gateway == null) {
            throw new IllegalStateException("start comes first");
        }
        return gateway;
    }

    /** A client's connection to this process. */
    Link connection(Link link) {
        links.add(link);
        return link;
    }

    @Override
    public void start() {
        process.start();
        beatsAs = -1;
        links.clear();
        groups = new SimulatedGroupLog(
                run.simulation(),
                run.broker(),
                process,
                run.partitions(),
                run.history().epoch(),
                run.history()::oldest);
        LogGateway.World world = new LogGateway.World(
                this,
                groups,
                this,
                incarnation -> {
                    beatsAs = incarnation;
                    run.beat(incarnation);
                },
                LogState.THERE,
                this,
                bytes -> {
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = (byte) run.simulation().between(0, 255);
                    }
                },
                () -> run.simulation().between(1, Long.MAX_VALUE - 1));
        CoreSettings settings = CoreSettings.of(process.name(), "simulated", TestLimits.with("graceMs", run.graceMs()));
        gateway = new LogGateway(settings, world, new GatewayCounters(), this);
        gateway.start();
        process.every(BEAT_MS, () -> {
            if (beatsAs >= 0) {
                run.beat(beatsAs);
            }
        });
    }

    @Override
    public boolean isReady() {
        return process.isUp() && gateway != null && gateway.isReady();
    }

    @Override
    public void crash() {
        process.crash();
        giveUpOn();
        run.simulation().after(run.simulation().between(100, 5000), () -> {
            if (!process.isUp()) {
                start();
            }
        });
    }

    @Override
    public void giveUpOn() {
        List.copyOf(links).forEach(Link::breaks);
        links.clear();
    }

    @Override
    public String unrest() {
        boolean rests = isReady() && !process.isPaused() && groups != null && groups.isAtEnd();
        return rests ? "" : process.name() + " is not at rest, ";
    }

    // Appender

    @Override
    public void append(String log, int partition, OutRecord rec, Done done) {
        run.broker()
                .append(process, Topics.ofLog(log), partition, header(rec), rec.value())
                .whenComplete((offset, failure) -> {
                    if (failure == null) {
                        done.appended(offset);
                    } else {
                        done.failed(true);
                    }
                });
    }

    @Override
    public void appendUnreliably(String log, int partition, OutRecord rec, Runnable dropped) {
        run.broker()
                .append(process, Topics.ofLog(log), partition, header(rec), rec.value())
                .exceptionally(unknown -> -1L);
    }

    private static byte @Nullable [] header(OutRecord rec) {
        return rec.headers().stream()
                .filter(header -> header.name().equals(LogEntry.HEADER))
                .map(OutRecord.Header::value)
                .findFirst()
                .orElse(null);
    }

    // Scheduler

    @Override
    public long nowMs() {
        return CLOCK_START_MS + run.simulation().nowMs();
    }

    @Override
    public long nowNanos() {
        return 1_000_000 * nowMs();
    }

    @Override
    public long wallMs() {
        return nowMs();
    }

    @Override
    public Delayed after(long delayMs, Runnable task) {
        AtomicBoolean over = new AtomicBoolean();
        process.after(delayMs, () -> {
            if (!over.getAndSet(true)) {
                task.run();
            }
        });
        return () -> over.set(true);
    }

    // AnswerLog

    @Override
    public CompletableFuture<Void> awaitRegistration(AnswerLog.Listener listener) {
        Answers answers = new Answers(listener);
        for (int partition = 0; partition < SimulatedShard.ANSWERS_PARTITIONS; partition++) {
            long end = run.broker().log(Topics.ANSWERS, partition).endOffset();
            run.broker().tail(process, Topics.ANSWERS, partition, end, answers::take);
        }
        present = answers;
        return CompletableFuture.completedFuture(null);
    }

    private @Nullable Answers present;

    private final class Answers {
        private final AnswerLog.Listener listener;
        private final Map<String, Position> last = new HashMap<>();
        private long incarnation = -1;

        Answers(AnswerLog.Listener listener) {
            this.listener = listener;
        }

        void take(MemoryLog.Entry entry) {
            if (present != this) {
                return;
            }
            AnswerBatch batch = AnswerBatch.read(entry.value());
            for (Effect effect : batch.effects()) {
                if (incarnation < 0
                        && effect instanceof Effect.Pushed pushed
                        && listener.isRegistration(pushed.body())) {
                    incarnation = batch.incarnation();
                }
                Position known = last.get(batch.log());
                if (batch.incarnation() != incarnation
                        || known != null && !effect.id().isAfter(known)) {
                    continue;
                }
                last.put(batch.log(), effect.id());
                switch (effect) {
                    case Effect.Answered e ->
                        listener.answer(
                                batch.log(),
                                batch.partition(),
                                e.incarnation(),
                                e.requester(),
                                e.number(),
                                e.ref(),
                                e.answer());
                    case Effect.OutOfTurn e ->
                        listener.outOfTurn(
                                batch.log(), e.incarnation(), e.requester(), e.number(), e.ref(), e.lastNumber());
                    case Effect.Pushed e -> listener.push(e.incarnation(), e.body());
                    case Effect.Forwarded e -> throw new AssertionError("a forward among answers");
                }
            }
        }
    }

    // Events

    @Override
    public void ready(long incarnation) {
        run.simulation().trace(process.name() + " serves as " + incarnation);
    }

    @Override
    public void lost(long incarnation) {
        run.simulation().trace(process.name() + " was lost as " + incarnation);
    }

    @Override
    public void superseded() {
        run.simulation().trace(process.name() + " was superseded");
    }

    @Override
    public void halted(int partition, long offset, RuntimeException cause) {
        throw new AssertionError("halted at " + offset, cause);
    }

    @Override
    public void failed(Throwable cause) {
        throw new AssertionError("the gateway failed", cause);
    }
}
