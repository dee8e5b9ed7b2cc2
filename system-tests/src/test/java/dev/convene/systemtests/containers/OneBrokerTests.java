package dev.convene.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.frame.Push;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.systemtests.cluster.ChildProcess;
import dev.convene.systemtests.cluster.ServiceProcesses;
import dev.convene.testkit.client.Positions;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.SseSession;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two gateways and two instances of group-service on one broker of the published image. */
@Tag("containers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class OneBrokerTests {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** What a refusal may take while the broker is away, with what a busy machine adds. */
    private static final Duration REFUSED_WITHIN = Duration.ofMillis(2500);

    @RegisterExtension
    final KeptLogs logs = new KeptLogs();

    private OneBroker broker;
    private ServiceProcesses services;
    private TestSessions sessions;
    private final List<TestSession> open = new ArrayList<>();

    /** Not once before all: so each test that cannot run is counted and says why. */
    @BeforeEach
    void start() {
        if (broker == null) {
            broker = new OneBroker(logs);
        }
        if (services == null) {
            services = new ServiceProcesses(broker.bootstrapServers());
            services.all().forEach(process -> logs.keep(process.name(), process::log));
        }
        services.awaitReady();
        sessions = new TestSessions();
    }

    @AfterEach
    void closeSessions() {
        open.forEach(TestSession::close);
        open.clear();
        if (sessions != null) {
            sessions.close();
        }
    }

    @AfterAll
    void stop() {
        if (services != null) {
            services.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private TestSession connect(Surface surface, int gateway) {
        return closing(sessions.connect(surface, services.gateway(gateway), (String) null));
    }

    private TestSession closing(TestSession session) {
        open.add(session);
        return session;
    }

    @Test
    void topicsAreMadeAsDefinedAndOneCopyIsSaidToBeForDevelopment() {
        try (Topics topics = new Topics(broker.bootstrapServers())) {
            assertThat(TopicDefinition.all()).hasSizeGreaterThan(3).allSatisfy(definition -> {
                assertThat(topics.partitions(definition.name())).isEqualTo(definition.partitions());
                assertThat(topics.copies(definition.name())).isEqualTo(1);
                assertThat(definition.settings())
                        .allSatisfy((setting, value) -> assertThat(topics.setting(definition.name(), setting))
                                .as("%s of %s", setting, definition.name())
                                .isEqualTo(value));
            });
        }
        assertThat(services.all())
                .allSatisfy(process -> assertThat(process.log())
                        .contains("Topics are made with one copy of each partition, for development")
                        .contains("convene.kafka.replication-factor=3"));
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void membersOnTwoGatewaysSeeTheSameViewsAndMessagesAndResumeOnTheOther(Surface surface) {
        String group = "met-over-" + surface;
        TestSession other = connect(Surface.WS_JSON, 0);
        other.join(group);
        TestSession me = sessions.connect(surface, services.gateway(1), (String) null);
        me.join(group);
        other.multicast(ServiceLevel.AGREED, "from the other", group);
        me.multicast(ServiceLevel.SAFE, "from me", group);
        List<Push> seen = me.drain();
        assertThat(views(seen)).containsExactly(List.of(other.privateGroup(), me.privateGroup()));
        assertThat(texts(seen)).containsExactly("from the other", "from me");
        List<At> at = Positions.newest(seen);
        String lastEventId = me instanceof SseSession stream ? stream.lastEventId() : "";
        me.abort();
        for (int i = 0; i < 20; i++) {
            other.multicast(ServiceLevel.AGREED, "missed " + i, group);
        }

        TestSession resumed = closing(
                switch (surface) {
                    case WS_JSON, WS_CBOR ->
                        sessions.resume(surface, services.gateway(0), me.connected(), at)
                                .session();
                    case HTTP -> sessions.resumePolling(services.gateway(0), me.connected(), at);
                    case SSE -> sessions.resumeStream(services.gateway(0), me.connected(), lastEventId);
                });
        List<String> missed = texts(resumed.drain());
        assertThat(missed.stream().filter(text -> !text.startsWith("mark")))
                .hasSize(20)
                .startsWith("missed 0")
                .endsWith("missed 19")
                .doesNotHaveDuplicates();
        assertThat(views(other.drain()))
                .containsExactly(List.of(other.privateGroup()), List.of(other.privateGroup(), resumed.privateGroup()));
    }

    @Test
    void aBrokerThatStopsAndStartsAgainLosesNothingAndNoSession() {
        String group = "restart";
        List<TestSession> members = List.of(
                connect(Surface.WS_JSON, 0),
                connect(Surface.WS_CBOR, 1),
                connect(Surface.HTTP, 0),
                connect(Surface.SSE, 1));
        members.forEach(member -> member.join(group));
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            members.get(i % members.size()).multicast(ServiceLevel.AGREED, "before " + i, group);
            acknowledged.add("before " + i);
        }

        broker.stop();
        for (TestSession member : members) {
            assertRefusedForTheMoment(member, "during", group);
        }
        broker.startAgain();

        for (int i = 0; i < members.size(); i++) {
            acknowledged.add(sentPatiently(members.get(i), "after " + i, group));
        }
        TestSession later = connect(Surface.WS_JSON, 1);
        later.join(group);
        for (TestSession member : members) {
            List<Push> seen = member.drain();
            List<String> texts = texts(seen);
            assertThat(texts).containsSubsequence(acknowledged).doesNotHaveDuplicates();
            assertThat(seen)
                    .filteredOn(Push.View.class::isInstance)
                    .allMatch(view -> ((Push.View) view).reason() == ViewReason.JOIN);
            assertThat(views(seen).getLast()).hasSize(members.size() + 1).endsWith(later.privateGroup());
        }
    }

    private static void assertRefusedForTheMoment(TestSession member, String text, String group) {
        long startNanos = System.nanoTime();
        try {
            member.multicast(ServiceLevel.AGREED, text + " of " + member.privateGroup(), group);
            throw new AssertionError("acknowledged without a broker");
        } catch (Refused e) {
            assertThat(e.isTemporary()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(REFUSED_WITHIN);
        }
    }

    /** Each attempt has a text of its own: one of unknown outcome may be delivered, once. Returns the acknowledged one. */
    private static String sentPatiently(TestSession member, String text, String group) {
        List<String> attempts = new ArrayList<>();
        ChildProcess.await("publishing to work again", PATIENCE, () -> {
            attempts.add(text + "." + attempts.size());
            try {
                member.multicast(ServiceLevel.AGREED, attempts.getLast(), group);
                return true;
            } catch (Refused e) {
                assertThat(e.isTemporary()).isTrue();
                return false;
            }
        });
        return attempts.getLast();
    }

    private static List<String> texts(List<Push> pushes) {
        return pushes.stream()
                .filter(Push.Message.class::isInstance)
                .map(push -> new String(((Push.Message) push).body().bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    /** The members of each view. */
    private static List<List<String>> views(List<Push> pushes) {
        return pushes.stream()
                .filter(Push.View.class::isInstance)
                .map(push -> ((Push.View) push).members())
                .toList();
    }
}
