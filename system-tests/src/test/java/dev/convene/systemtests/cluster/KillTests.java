package dev.convene.systemtests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.Contract;
import dev.convene.testkit.Slack;
import dev.convene.testkit.client.Positions;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes are killed and paused: G49, G50, G52, G54 to G56, and takeovers. */
@Tag("faults")
@Timeout(180)
class KillTests {
    private static final Duration LONG = Duration.ofSeconds(60);
    /** With a standby that has kept up, by the clock of the log. */
    private static final Duration TAKEOVER_MAX = Slack.of(Duration.ofSeconds(2));

    /** From the loss of a gateway to the view without its sessions: its silence and the grace period that the cluster sets. */
    private static final Duration GHOSTS_MAX = Slack.of(Duration.ofSeconds(5));

    private Cluster cluster;
    private TestSessions sessions;
    private final List<TestSession> open = new ArrayList<>();

    @BeforeEach
    void newClient() {
        cluster = Cluster.shared();
        sessions = new TestSessions();
    }

    @AfterEach
    void abandonSessions() {
        open.forEach(TestSession::close);
        open.clear();
        sessions.close();
    }

    private TestSession connect(int gateway) {
        TestSession session = sessions.connect(Surface.WS_JSON, cluster.gateway(gateway), (String) null);
        open.add(session);
        return session;
    }

    @Contract({"G50", "G51", "G56", "G59"})
    @Test
    void aKilledGatewaysSessionsResumeElsewhereAndTheOthersLeaveByOneNetworkView() {
        String touched = "touched";
        String untouched = "untouched";
        TestSession watcher = connect(1);
        watcher.join(touched);
        watcher.join(untouched);
        List<TestSession> watchers = everySurfaceOf(1);
        watchers.forEach(one -> one.join(touched));
        TestSession resuming = sessions.connect(Surface.WS_JSON, cluster.gateway(0), (String) null);
        TestSession lost1 = sessions.connect(Surface.WS_JSON, cluster.gateway(0), (String) null);
        TestSession lost2 = sessions.connect(Surface.WS_JSON, cluster.gateway(0), (String) null);
        for (TestSession session : List.of(resuming, lost1, lost2)) {
            session.join(touched);
        }
        List<At> at = Positions.newest(resuming.drain());
        watcher.drain();
        watchers.forEach(TestSession::drain);
        cluster.gateways[0].kill();
        long killedNanos = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            watcher.multicast(ServiceLevel.AGREED, "while down " + i, touched);
        }
        TestSessions.Resumption resumption =
                sessions.resume(Surface.WS_JSON, cluster.gateway(1), resuming.connected(), at);
        TestSession resumed = resumption.session();
        open.add(resumed);
        assertThat(resumption.answer().recovered()).isTrue();
        List<Push> ofResumed =
                upTo(resumed, push -> push instanceof Push.View view && view.reason() == ViewReason.NETWORK);
        List<Push> ofWatcher =
                upTo(watcher, push -> push instanceof Push.View view && view.reason() == ViewReason.NETWORK);
        assertThat(Duration.ofNanos(System.nanoTime() - killedNanos)).isLessThan(GHOSTS_MAX);
        // The mark of its own drain comes again: it stands above the position that the session resumed at.
        ofResumed.removeIf(
                push -> push instanceof Push.Message message && message.groups().contains(resuming.privateGroup()));
        assertThat(ofResumed).isEqualTo(ofWatcher);
        assertThat(ofWatcher.get(ofWatcher.size() - 2)).isInstanceOf(Push.Transitional.class);
        Push.View network = (Push.View) ofWatcher.getLast();
        assertThat(network.group()).isEqualTo(touched);
        List<String> staying = new ArrayList<>(List.of(watcher.privateGroup()));
        watchers.forEach(one -> staying.add(one.privateGroup()));
        staying.add(resuming.privateGroup());
        assertThat(network.members()).containsExactlyElementsOf(staying);
        assertThat(network.changed()).containsExactlyElementsOf(network.members());
        for (TestSession one : watchers) {
            assertThat(upTo(one, push -> push instanceof Push.View view && view.reason() == ViewReason.NETWORK))
                    .isEqualTo(ofWatcher);
        }
        assertThat(ofWatcher.stream().filter(Push.Message.class::isInstance)).hasSize(20);
        assertThat(watcher.drain()).isEmpty();
        cluster.startGateway(0).awaitReady();
        TestSession back = connect(0);
        back.join(untouched);
        assertThat(((Push.View) back.next()).members()).containsExactly(watcher.privateGroup(), back.privateGroup());
    }

    private List<TestSession> everySurfaceOf(int gateway) {
        List<TestSession> all = new ArrayList<>();
        for (Surface surface : Surface.values()) {
            TestSession session = sessions.connect(surface, cluster.gateway(gateway), (String) null);
            open.add(session);
            all.add(session);
        }
        return all;
    }

    /** A process that has a session and sends: nobody says goodbye for it. */
    @Contract({"G34", "G49"})
    @Test
    void aKilledClientLeavesByOneDisconnectViewTheSameAtAllSurvivors() {
        String group = "client-killed";
        List<TestSession> survivors = new ArrayList<>(everySurfaceOf(0));
        survivors.addAll(everySurfaceOf(1));
        survivors.forEach(one -> one.join(group));
        survivors.forEach(TestSession::drain);
        List<List<Push>> seen = new ArrayList<>();
        try (ChildProcess client = ChildProcess.start(
                "client",
                ClientProcess.class.getName(),
                0,
                0,
                List.of(cluster.gateway(0).toString(), group))) {
            survivors.forEach(one -> seen.add(upTo(one, push -> push instanceof Push.Message)));
            client.kill();
        }
        for (int i = 0; i < survivors.size(); i++) {
            seen.get(i).addAll(upTo(survivors.get(i), push -> push instanceof Push.View));
            assertThat(seen.get(i)).isEqualTo(seen.getFirst());
            assertThat(survivors.get(i).drain()).isEmpty();
        }
        Push.View last = (Push.View) seen.getFirst().getLast();
        assertThat(last.reason()).isEqualTo(ViewReason.DISCONNECT);
        assertThat(last.members())
                .containsExactlyElementsOf(
                        survivors.stream().map(TestSession::privateGroup).toList());
        assertThat(seen.getFirst().stream().filter(Push.View.class::isInstance)).hasSize(2);
    }

    private static List<Push> upTo(TestSession session, java.util.function.Predicate<Push> last) {
        List<Push> pushes = new ArrayList<>();
        while (pushes.size() < 100_000) {
            Push push = session.next(LONG);
            pushes.add(push);
            if (last.test(push)) {
                return pushes;
            }
        }
        throw new AssertionError("100,000 pushes and the last is not among them");
    }

    @Contract({"G50", "G51", "G54", "G56"})
    @Test
    void aPausedGatewayThatWakesUpHasNoEffectAnyLonger() {
        String group = "paused";
        TestSession watcher = connect(1);
        watcher.join(group);
        List<TestSession> watchers = everySurfaceOf(1);
        watchers.forEach(one -> one.join(group));
        watcher.drain();
        watchers.forEach(TestSession::drain);
        TestSession frozen =
                sessions.connect(Surface.WS_JSON, cluster.gateway(0), new SessionOperation.Connect(null, true, 1000L));
        frozen.join(group);
        cluster.gateways[0].pause();
        // It stands in the socket's buffer and reaches the gateway when that wakes up.
        CompletableFuture<Answer> late = frozen.send(TestSession.message(ServiceLevel.AGREED, "from the dead", group));
        List<Push> seen = upTo(watcher, push -> push instanceof Push.View view && view.reason() == ViewReason.NETWORK);
        assertThat(seen).hasSize(3);
        assertThat(seen.get(1)).isInstanceOf(Push.Transitional.class);
        cluster.gateways[0].goOn();
        cluster.gateways[0].awaitReady();
        ChildProcess.await("the late message to be refused", LONG, late::isDone);
        assertThat(late.isCompletedExceptionally()).isTrue();
        assertThat(watcher.drain()).isEmpty();
        for (TestSession one : watchers) {
            assertThat(one.drain()).isEqualTo(seen);
        }
        TestSession again = connectPatiently(0);
        again.join(group);
        assertThat(((Push.View) again.next()).members())
                .contains(watcher.privateGroup(), again.privateGroup())
                .hasSize(watchers.size() + 2)
                .doesNotContain(frozen.privateGroup());
    }

    @Test
    void aKilledOwnerIsReplacedAndNothingAcknowledgedIsLost() {
        String group = "takeover";
        TestSession member = connect(0);
        member.join(group);
        try (OwnerWatch watch = new OwnerWatch(cluster.bootstrapServers())) {
            for (int round = 0; round < 2; round++) {
                int victim = watch.ownerOfSessions().startsWith("gs-0-") ? 0 : 1;
                long killedMs = System.currentTimeMillis();
                cluster.groupServices[victim].kill();
                TestSession fresh = connectPatiently(1);
                OwnerWatch.Takeover takeover = watch.takeoverOfSessions(killedMs);
                System.out.println("MEASURED takeover of the sessions from kill -9: " + takeover);
                assertThat(takeover.claimed()).isLessThan(TAKEOVER_MAX);
                assertThat(takeover.answered()).isLessThan(TAKEOVER_MAX);
                fresh.join(group);
                member.multicast(ServiceLevel.AGREED, "after " + round, group);
                assertThat(upTo(fresh, push -> push instanceof Push.Message)).hasSize(2);
                cluster.startGroupService(victim).awaitReady();
            }
        }
    }

    @Test
    void aPausedOwnerIsReplacedAndDoesNoHarmWhenItWakesUp() {
        TestSession member = connectPatiently(0);
        member.join("owner-paused");
        for (ChildProcess instance : cluster.groupServices) {
            instance.pause();
            connectPatiently(1).join("owner-paused");
            instance.goOn();
            connectPatiently(0).join("owner-paused");
        }
        List<Push> views = new ArrayList<>(member.drain());
        assertThat(views).hasSize(5).allMatch(Push.View.class::isInstance);
    }

    /** Whether it was done in spite of all; if not it has to be refused for the time, and that in time. */
    private static boolean isAnswered(Runnable request) {
        long startNanos = System.nanoTime();
        try {
            request.run();
            return true;
        } catch (Refused e) {
            assertThat(e.isTemporary()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Slack.of(Duration.ofSeconds(2)));
            return false;
        }
    }

    /** All at once; a failure names the request. */
    private static void allAnswered(Map<String, Runnable> requests) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, Future<Boolean>> answers = new LinkedHashMap<>();
            requests.forEach((name, request) -> answers.put(name, threads.submit(() -> isAnswered(request))));
            answers.forEach((name, answer) -> assertThat(answer).as(name).succeedsWithin(LONG));
        }
    }

    /** Connects again while the answer is a temporary error. */
    private TestSession connectPatiently(int gateway) {
        List<TestSession> connected = new ArrayList<>(1);
        ChildProcess.await("a connect that is not refused for the moment", LONG, () -> {
            try {
                connected.add(connect(gateway));
                return true;
            } catch (Refused e) {
                if (!e.isTemporary()) {
                    throw e;
                }
                return false;
            }
        });
        return connected.getFirst();
    }

    @Contract({"G52", "G53"})
    @Test
    void whileTheBrokerIsGonePublishesAreRefusedInTwoSecondsAndEverythingGoesOnAfterwards() {
        String group = "outage";
        TestSession member = connect(0);
        member.join(group);
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            member.multicast(ServiceLevel.AGREED, "before " + i, group);
            acknowledged.add("before " + i);
        }
        TestSession poller = sessions.connect(Surface.HTTP, cluster.gateway(0), (String) null);
        open.add(poller);
        List<TestSession> others = everySurfaceOf(0);
        cluster.broker().kill();
        for (int i = 0; i < 2; i++) {
            String text = "during " + i;
            String domain = "outage-" + i;
            if (isAnswered(() -> member.call(TestSession.message(ServiceLevel.AGREED, text, group)))) {
                acknowledged.add(text);
            }
            // Each has a session of its own to ask, or none, and all ask at once.
            allAnswered(Map.of(
                    "a message by HTTP",
                    () -> poller.call(TestSession.message(ServiceLevel.AGREED, "by HTTP " + text, group)),
                    "a message without a session",
                    () -> sessions.publish(
                            cluster.gateway(0), TestSession.message(ServiceLevel.AGREED, "by nobody " + text, group)),
                    "a join in JSON",
                    () -> others.get(0).join(domain + "-a/room"),
                    "a join in CBOR",
                    () -> others.get(1).join(domain + "-b/room"),
                    "history",
                    () -> others.get(2).call(new GroupOperation.History(group, null, 10)),
                    "settings",
                    () -> others.get(3).call(new GroupOperation.Settings(group, 60_000L, null)),
                    "members in the order",
                    () -> member.call(new GroupOperation.Members(group, null, null, 10, null, true)),
                    "a connect",
                    () -> sessions.connect(Surface.WS_JSON, cluster.gateway(0), (String) null)));
            // Accepted at once and lost: not kept until the broker is there again.
            assertThat(isAnswered(() -> member.call(TestSession.message(ServiceLevel.UNRELIABLE, "lossy", group))))
                    .isTrue();
        }
        cluster.restartBroker();
        List<String> afterwards = new ArrayList<>();
        ChildProcess.await("publishing to work again", LONG, () -> {
            try {
                member.multicast(ServiceLevel.AGREED, "after", group);
                return true;
            } catch (Refused e) {
                assertThat(e.isTemporary()).isTrue();
                return false;
            }
        });
        for (Push push : member.drain()) {
            if (push instanceof Push.Message message) {
                afterwards.add(new String(message.body().bytes(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        assertThat(afterwards).containsSubsequence(acknowledged).endsWith("after");
        assertThat(afterwards.stream().filter(text -> !text.equals("after"))).doesNotHaveDuplicates();
        assertThat(afterwards).doesNotContain("lossy");
    }
}
