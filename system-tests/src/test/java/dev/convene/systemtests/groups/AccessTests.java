package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.Access;
import dev.convene.gateway.core.Principal;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.systemtests.RunningSystem;
import dev.convene.systemtests.Services;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Clients of one gateway that may do nothing with some groups, beside others that may: G64. */
@Timeout(120)
class AccessTests extends GroupsContract {
    private static final String CLOSED = "closed-";
    private static ConfigurableApplicationContext gateway;

    @BeforeAll
    static void start() {
        Access access = (action, group) -> !group.startsWith(CLOSED);
        gateway = Services.startGateway(
                request -> new Principal("stranger", "default", access),
                RunningSystem.shared().bootstrapServers(),
                "--convene.instance=gw-access");
        Services.awaitReady(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Contract("G64")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void whoMayNotIsRefusedByItselfAndNothingIsOrdered(Surface surface) {
        URI strangers = Services.address(gateway);
        String closed = unused(CLOSED + "group");
        String open = unused("open");
        TestSession owner = connect(surface);
        TestSession stranger = connect(surface, strangers, null);
        owner.join(closed);
        owner.join(open);
        owner.drain();

        for (GroupOperation operation : List.of(
                new GroupOperation.Join(closed, null, null, null, null, 0),
                TestSession.message(ServiceLevel.AGREED, "forbidden", closed),
                TestSession.message(ServiceLevel.AGREED, "forbidden in part", open, closed),
                new GroupOperation.Request(TestSession.message(ServiceLevel.FIFO, "forbidden", closed), 1000),
                new GroupOperation.Members(closed, null, null, 10),
                new GroupOperation.Members(closed, null, null, 10, null, true),
                new GroupOperation.History(closed, null, 10),
                new GroupOperation.Settings(closed, 1000L, null))) {
            ConnectTests.refused(ErrorCode.FORBIDDEN, () -> stranger.call(operation));
        }
        ConnectTests.refused(
                ErrorCode.FORBIDDEN,
                () -> sessions.publish(strangers, TestSession.message(ServiceLevel.AGREED, "forbidden", closed)));

        assertThat(owner.drain()).as("what the stranger did").isEmpty();
        stranger.multicast(ServiceLevel.AGREED, "allowed", open);
        assertThat(Pushes.texts(owner.drain())).containsExactly("allowed");
        stranger.join(open);
        assertThat(Pushes.view(stranger).members()).containsExactly(owner.privateGroup(), stranger.privateGroup());
    }
}
