package dev.convene.systemtests.groups;

import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.Contract;
import dev.convene.testkit.check.order.Ending;
import dev.convene.testkit.check.order.GroupGuarantees;
import dev.convene.testkit.check.order.History;
import dev.convene.testkit.check.order.SessionHistory;
import dev.convene.testkit.client.RecordedSession;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random traffic of several sessions in two domains over two gateways, with lost connections and resumes, checked from its
 * record.
 */
@Timeout(180)
class RecordedTrafficTests extends GroupsContract {
    private static final int SESSIONS = 8;
    private static final int STEPS = 150;

    @Contract("G65")
    @Test
    void whatEverySessionSawKeepsEveryPromise() {
        long seed = Long.getLong("convene.seed", System.nanoTime());
        List<String> groups = List.of(unused("r1"), unused("r2"), unused("r3"), unused("far") + "/r4");
        List<RecordedSession> recorded = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            Surface surface = Surface.values()[i % Surface.values().length];
            recorded.add(new RecordedSession(
                    sessions.connect(surface, i % 2 == 0 ? system.gatewayA() : system.gatewayB(), (String) null)));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                RecordedSession session = recorded.get(i);
                Random random = new Random(seed + i);
                running.add(CompletableFuture.runAsync(() -> act(session, random, groups), threads));
            }
            running.forEach(CompletableFuture::join);
        }
        recorded.forEach(session -> readEverything(session, groups));
        List<SessionHistory> histories = recorded.stream()
                .map(session -> session.history(Ending.DRAINED))
                .toList();
        recorded.forEach(session -> session.session().close());
        try {
            new GroupGuarantees().check(History.of(histories)).requireNone();
        } catch (AssertionError e) {
            throw new AssertionError("with -Dconvene.seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    private void act(RecordedSession recorded, Random random, List<String> groups) {
        for (int step = 0; step < STEPS; step++) {
            String group = groups.get(random.nextInt(groups.size()));
            switch (random.nextInt(10)) {
                case 0, 1 -> recorded.session().join(group);
                case 2 -> recorded.session().leave(group);
                case 3 -> {
                    if (random.nextInt(5) == 0) {
                        reconnect(recorded, random, groups);
                    }
                }
                default -> {
                    List<String> targets = random.nextInt(4) == 0 ? groups : List.of(group);
                    ServiceLevel service = ServiceLevel.values()[1 + random.nextInt(targets.size() > 1 ? 2 : 5)];
                    recorded.multicast(unused("m"), service, random.nextInt(8) == 0, targets);
                }
            }
        }
    }

    /** Reads up to a mark of its own, loses the connection and goes on at the other gateway. */
    private void reconnect(RecordedSession recorded, Random random, List<String> groups) {
        readEverything(recorded, groups);
        TestSession before = recorded.session();
        recorded.abort();
        recorded.resumed(sessions.resume(
                random.nextBoolean() ? Surface.WS_JSON : Surface.WS_CBOR,
                random.nextBoolean() ? system.gatewayA() : system.gatewayB(),
                before.connected(),
                recorded.newest()));
    }

    /** Reads, in each domain, up to a message of its own to itself. */
    private void readEverything(RecordedSession recorded, List<String> groups) {
        String far = groups.getLast().substring(0, groups.getLast().indexOf('/') + 1);
        for (String domain : List.of("", far)) {
            String mark = unused("mark");
            List<String> targets = List.of(domain + "nobody", recorded.session().privateGroup());
            recorded.multicast(mark, ServiceLevel.AGREED, false, targets);
            recorded.readUntil(push ->
                    push instanceof Push.Message message && message.body().equals(Body.ofText(mark)));
        }
    }
}
