package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.Access;
import dev.convene.gateway.core.Authenticator;
import dev.convene.gateway.core.Principal;
import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.systemtests.RunningSystem;
import dev.convene.systemtests.Services;
import dev.convene.systemtests.raw.PlainConsumer;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Two tenants on one gateway, told apart by the name under which they call it: the same names, and nothing in common. */
@Timeout(120)
class TenantTests {
    private static final RunningSystem SYSTEM = RunningSystem.shared();
    private static final String THEIR_HOST = "localhost";

    private static ConfigurableApplicationContext gateway;

    @BeforeAll
    static void start() {
        Authenticator byHost = request -> request.headers("Host").getFirst().startsWith(THEIR_HOST)
                ? new Principal("somebody", "acme", Access.ALL)
                : Principal.DEVELOPMENT;
        gateway = Services.startGateway(byHost, SYSTEM.bootstrapServers(), "--convene.instance=gw-tenants");
        Services.awaitReady(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static URI ours() {
        return Services.address(gateway);
    }

    private static URI theirs() {
        return URI.create("http://" + THEIR_HOST + ":" + ours().getPort());
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void theSameNamesHaveNothingInCommon(Surface surface) {
        String group = "tenants/" + surface;
        try (TestSessions sessions = new TestSessions();
                TestSession our = sessions.connect(surface, ours(), "ann-" + surface);
                TestSession their = sessions.connect(surface, theirs(), "ann-" + surface)) {
            String address = "#ann-" + surface + "#gw-tenants";
            for (TestSession session : List.of(our, their)) {
                assertThat(session.privateGroup()).isEqualTo(address);
                session.join(group);
                assertThat(Pushes.view(session).members()).containsExactly(address);
            }
            their.multicast(ServiceLevel.AGREED, "theirs", group, address);
            our.multicast(ServiceLevel.AGREED, "ours", group);
            sessions.publish(theirs(), message("published", group));
            Push.Message first = Pushes.message(their);
            assertThat(text(first)).isEqualTo("theirs");
            assertThat(first.from()).isEqualTo(address);
            assertThat(first.groups()).containsExactly(group, address);
            assertThat(first.at().domain()).isEqualTo("tenants");
            assertThat(text(Pushes.message(their))).isEqualTo("published");
            assertThat(text(Pushes.message(our))).isEqualTo("ours");

            Answer.MemberPage members =
                    (Answer.MemberPage) their.call(new GroupOperation.Members(group, null, null, 10));
            assertThat(members.members()).containsExactly(new Answer.Member(address, null, null));
            Answer.HistoryPage history = (Answer.HistoryPage) our.call(new GroupOperation.History(group, null, 10));
            assertThat(history.messages()).extracting(TenantTests::text).containsExactly("ours");
        }
        assertThat(PlainConsumer.bodies(SYSTEM.bootstrapServers(), Tenants.qualify("acme", group)))
                .containsExactly("theirs", "published");
        assertThat(PlainConsumer.bodies(SYSTEM.bootstrapServers(), group)).containsExactly("ours");
    }

    @Test
    void aSessionOfAnotherTenantIsNowhere() {
        try (TestSessions sessions = new TestSessions();
                TestSession their = sessions.connect(Surface.WS_JSON, theirs(), "moving")) {
            their.join("tenants/moving");
            Push.View view = Pushes.view(their);
            Answer.Connected before = their.connected();
            List<At> at = List.of(view.at());
            ConnectTests.refused(ErrorCode.SESSION_ENDED, () -> sessions.resume(Surface.WS_CBOR, ours(), before, at));
            ConnectTests.refused(ErrorCode.SESSION_ENDED, () -> sessions.resumePolling(ours(), before, at));
            their.multicast(ServiceLevel.AGREED, "still there", "tenants/moving");
            assertThat(text(Pushes.message(their))).isEqualTo("still there");
            their.abort();
            TestSessions.Resumption again = sessions.resume(Surface.WS_CBOR, theirs(), before, at);
            assertThat(again.answer().recovered()).isTrue();
            assertThat(text(Pushes.message(again.session()))).isEqualTo("still there");
            again.session().close();
        }
    }

    @Test
    void tenantsAreCountedApart() {
        try (TestSessions sessions = new TestSessions();
                TestSession their = sessions.connect(Surface.WS_JSON, theirs(), "counted")) {
            their.multicast(ServiceLevel.AGREED, "12345", "tenants/counted");
            MeterRegistry meters = gateway.getBean(MeterRegistry.class);
            for (String name : List.of("convene.sessions", "convene.messages.bytes", "convene.pushes.bytes")) {
                assertThat(meters.get(name).tag("tenant", "acme").meters()).hasSize(1);
                assertThat(meters.get(name).tag("tenant", "default").meters()).hasSize(1);
            }
            assertThat(meters.get("convene.sessions")
                            .tag("tenant", "acme")
                            .gauge()
                            .value())
                    .isPositive();
        }
    }

    private static GroupOperation.Multicast message(String text, String group) {
        return new GroupOperation.Multicast(
                List.of(group), ServiceLevel.SAFE, 0, Body.ofText(text), false, null, 0, null, null);
    }

    private static String text(Push push) {
        return push instanceof Push.Message message
                ? new String(message.body().bytes(), StandardCharsets.UTF_8)
                : push.push();
    }
}
