package dev.convene.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.Push;
import dev.convene.systemtests.cluster.ChildProcess;
import dev.convene.testkit.check.order.Ending;
import dev.convene.testkit.check.order.GroupGuarantees;
import dev.convene.testkit.check.order.History;
import dev.convene.testkit.check.order.SessionHistory;
import dev.convene.testkit.client.RecordedSession;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSessions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Sessions of all surfaces over two gateways that join, leave and send until they are told to stop. What they saw is written
 * down and checked. No session may end and no connection be closed meanwhile, and nothing be refused for good.
 */
final class RecordedTraffic implements AutoCloseable {
    private static final int SESSIONS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Between two requests of a session: the record of a minute stays small. */
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final long seed = Long.getLong("convene.seed", System.nanoTime());
    private final String name;
    private final List<String> groups;
    private final TestSessions sessions = new TestSessions();
    private final List<RecordedSession> recorded = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<CompletableFuture<Void>> running = new ArrayList<>();
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong lastAcknowledgedNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong longestGapNanos = new AtomicLong();
    private volatile boolean stopped;

    /** @param name begins the names of its groups, used by no other traffic */
    RecordedTraffic(String name, URI gatewayA, URI gatewayB) {
        this.name = name;
        this.groups = List.of(name + "-1", name + "-2", name + "-3");
        for (int i = 0; i < SESSIONS; i++) {
            Surface surface = Surface.values()[i / 2 % Surface.values().length];
            recorded.add(
                    new RecordedSession(sessions.connect(surface, i % 2 == 0 ? gatewayA : gatewayB, (String) null)));
        }
        for (int i = 0; i < SESSIONS; i++) {
            RecordedSession session = recorded.get(i);
            Random random = new Random(seed + i);
            running.add(CompletableFuture.runAsync(() -> act(session, random), threads));
        }
    }

    private void act(RecordedSession session, Random random) {
        while (!stopped) {
            String group = groups.get(random.nextInt(groups.size()));
            switch (random.nextInt(10)) {
                case 0, 1 -> orForTheMoment(() -> session.session().join(group));
                case 2 -> orForTheMoment(() -> session.session().leave(group));
                default -> {
                    ServiceLevel service = ServiceLevel.values()[1 + random.nextInt(5)];
                    List<String> targets = random.nextInt(4) == 0 ? groups : List.of(group);
                    if (session.multicast(newId(), service, random.nextInt(8) == 0, targets)) {
                        countAcknowledged();
                    }
                }
            }
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private String newId() {
        return name + ":" + lastId.incrementAndGet();
    }

    private static void orForTheMoment(Runnable request) {
        try {
            request.run();
        } catch (Refused e) {
            requireTemporary(e);
        }
    }

    private static void requireTemporary(RuntimeException refusal) {
        if (!(refusal instanceof Refused refused) || !refused.isTemporary()) {
            throw new AssertionError("not a refusal for the moment", refusal);
        }
    }

    private void countAcknowledged() {
        acknowledged.incrementAndGet();
        long nowNanos = System.nanoTime();
        long gapNanos = nowNanos - lastAcknowledgedNanos.getAndSet(nowNanos);
        longestGapNanos.accumulateAndGet(gapNanos, Math::max);
    }

    /** Waits until so many more messages are acknowledged, as long as there are some now and then. */
    void awaitAcknowledged(int more) {
        long goal = acknowledged.get() + more;
        while (acknowledged.get() < goal) {
            long next = acknowledged.get() + 1;
            ChildProcess.await("a message to be acknowledged", PATIENCE, () -> {
                running.stream().filter(CompletableFuture::isDone).forEach(CompletableFuture::join);
                return acknowledged.get() >= next;
            });
        }
    }

    /** Stops, reads everything and checks what was seen against every promise; says what there was. */
    String check() {
        stopped = true;
        running.forEach(CompletableFuture::join);
        List<SessionHistory> histories = recorded.stream().map(this::drained).toList();
        History history = History.of(histories);
        long refusals = 0;
        for (RecordedSession session : recorded) {
            session.refusals().forEach(RecordedTraffic::requireTemporary);
            refusals += session.refusals().size();
        }
        try {
            new GroupGuarantees().check(history).requireNone();
        } catch (AssertionError e) {
            throw new AssertionError("with -Dconvene.seed=" + seed + ": " + e.getMessage(), e);
        }
        assertThat(histories).allMatch(session -> session.events().size() > 1);
        return acknowledged + " messages acknowledged, " + refusals + " refused, " + history.events()
                + " events; none acknowledged for at most "
                + TimeUnit.NANOSECONDS.toMillis(longestGapNanos.get()) + " ms";
    }

    private SessionHistory drained(RecordedSession session) {
        AtomicReference<String> mark = new AtomicReference<>();
        ChildProcess.await("a message to oneself to be acknowledged", PATIENCE, () -> {
            mark.set(newId());
            return session.multicast(
                    mark.get(),
                    ServiceLevel.AGREED,
                    false,
                    List.of(session.session().privateGroup()));
        });
        session.readUntil(
                push -> push instanceof Push.Message message && message.body().equals(Body.ofText(mark.get())));
        return session.history(Ending.DRAINED);
    }

    @Override
    public void close() {
        stopped = true;
        threads.close();
        recorded.forEach(session -> session.session().close());
        sessions.close();
    }
}
