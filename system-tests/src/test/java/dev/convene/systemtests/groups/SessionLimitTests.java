package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.systemtests.Services;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ConfigurableApplicationContext;

/** One session more than a gateway takes: G6. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionLimitTests extends GroupsContract {
    private static final int LIMIT = 3;

    private ConfigurableApplicationContext gateway;

    @BeforeAll
    void startGateway() {
        gateway = system.startGateway("gw-small", "--convene.gateway.limits.sessions-max=" + LIMIT);
    }

    @AfterAll
    void stopGateway() {
        gateway.close();
    }

    @Contract("G6")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void oneSessionMoreIsRefusedByNameAndTheOthersGoOn(Surface surface) {
        URI address = Services.address(gateway);
        String group = unused("full");
        try (TestSessions clients = new TestSessions()) {
            List<TestSession> members = new ArrayList<>();
            for (int i = 0; i < LIMIT; i++) {
                members.add(clients.connect(surface, address, (String) null));
            }
            TestSession first = members.getFirst();
            assertThat(first.connected().limits().sessionsMax()).isEqualTo(LIMIT);
            members.forEach(member -> member.join(group));

            for (Surface any : Surface.values()) {
                ConnectTests.refused(ErrorCode.TOO_MANY_SESSIONS, () -> clients.connect(any, address, (String) null));
            }
            assertThat(ErrorCode.TOO_MANY_SESSIONS.number()).isEqualTo(1104);
            assertThat(statusOfAConnect(clients, address)).isEqualTo(429);

            first.multicast(ServiceLevel.AGREED, "we go on", group);
            for (TestSession member : members) {
                List<String> texts = Pushes.texts(member.drain());
                assertThat(texts).containsExactly("we go on");
            }
            first.close();
            members.set(0, connectWhenThereIsRoom(clients, surface, address));
            members.getFirst().join(group);
            members.getLast().multicast(ServiceLevel.AGREED, "full again", group);
            assertThat(Pushes.texts(members.getFirst().drain())).containsExactly("full again");
            members.forEach(TestSession::close);
        }
    }

    private static int statusOfAConnect(TestSessions clients, URI address) {
        HttpRequest connect = HttpRequest.newBuilder(address.resolve("/v1/sessions"))
                .timeout(TestSession.PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        HttpResponse<String> answer =
                TestSessions.await(clients.http().sendAsync(connect, HttpResponse.BodyHandlers.ofString()));
        assertThat(answer.body()).contains("\"code\":1104");
        return answer.statusCode();
    }

    /** The place of a session is free when its end has come around. */
    private static TestSession connectWhenThereIsRoom(TestSessions clients, Surface surface, URI address) {
        List<TestSession> connected = new ArrayList<>(1);
        await().atMost(TestSession.PATIENCE).until(() -> {
            try {
                connected.add(clients.connect(surface, address, (String) null));
                return true;
            } catch (Refused e) {
                assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_SESSIONS);
                return false;
            }
        });
        return connected.getFirst();
    }
}
