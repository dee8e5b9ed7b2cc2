package dev.convene.systemtests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queue groups when a gateway is killed: what its members owed goes to the next, over every surface. */
@Tag("faults")
@Timeout(180)
class QueueKillTests {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int JOBS = 10;
    private static final int DONE = 3;

    private Cluster cluster;
    private TestSessions sessions;

    @BeforeEach
    void newClient() {
        cluster = Cluster.shared();
        sessions = new TestSessions();
    }

    @AfterEach
    void closeClient() {
        sessions.close();
    }

    /** A queue with one member at each gateway; what the first had and did not acknowledge. */
    private record Crew(String group, TestSession survivor, List<Push.Message> owed) {}

    private Crew crew(Surface surface) {
        String group = "queue-" + surface;
        TestSession lost = sessions.connect(surface, cluster.gateway(0), (String) null);
        TestSession survivor = sessions.connect(surface, cluster.gateway(1), (String) null);
        for (TestSession member : List.of(lost, survivor)) {
            member.call(new GroupOperation.Join(group, null, "crew", null, null, 0));
        }
        for (int i = 0; i < JOBS; i++) {
            survivor.multicast(ServiceLevel.AGREED, "job" + i, group);
        }
        List<Push.Message> ofLost = messages(lost.drain(), group);
        List<Push.Message> ofSurvivor = messages(survivor.drain(), group);
        assertThat(ofLost).hasSize(JOBS / 2);
        assertThat(ofSurvivor).hasSize(JOBS / 2);
        lost.call(new GroupOperation.Ack(group, at(ofLost.subList(0, DONE)), false));
        survivor.call(new GroupOperation.Ack(group, at(ofSurvivor), false));
        return new Crew(group, survivor, ofLost.subList(DONE, ofLost.size()));
    }

    private static List<Push.Message> messages(List<Push> pushes, String group) {
        return pushes.stream()
                .filter(Push.Message.class::isInstance)
                .map(Push.Message.class::cast)
                .filter(message -> message.groups().contains(group))
                .toList();
    }

    private static List<At> at(List<Push.Message> messages) {
        return messages.stream().map(Push.Message::at).toList();
    }

    private static List<String> texts(List<Push.Message> messages) {
        return messages.stream()
                .map(message -> new String(message.body().bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    @Contract({"G50", "G51", "G56"})
    @Test
    void whatTheMembersOfAKilledGatewayOweGoesToTheNext() {
        List<Crew> crews = new ArrayList<>();
        for (Surface surface : Surface.values()) {
            crews.add(crew(surface));
        }
        cluster.gateways[0].kill();
        for (Crew crew : crews) {
            List<Push> seen = new ArrayList<>();
            while (messages(seen, crew.group()).size() < crew.owed().size()) {
                seen.add(crew.survivor().next(LONG));
            }
            seen.addAll(crew.survivor().drain());
            // First the signal and the view, then what it takes over, once and marked.
            assertThat(seen.getFirst()).isInstanceOf(Push.Transitional.class);
            assertThat(seen.get(1)).isInstanceOfSatisfying(Push.View.class, view -> {
                assertThat(view.reason()).isEqualTo(ViewReason.NETWORK);
                assertThat(view.members()).containsExactly(crew.survivor().privateGroup());
                assertThat(view.changed()).containsExactly(crew.survivor().privateGroup());
            });
            List<Push.Message> again = messages(seen.subList(2, seen.size()), crew.group());
            assertThat(seen).hasSize(2 + again.size());
            assertThat(again).allMatch(Push.Message::redelivered);
            assertThat(texts(again)).isEqualTo(texts(crew.owed()));
            crew.survivor().call(new GroupOperation.Ack(crew.group(), at(again), false));
            crew.survivor().close();
        }
    }
}
