package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Push;
import dev.convene.systemtests.RunningSystem;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A topic that takes less than the gateway was told when it started. */
@Timeout(120)
class RecordSizeTests {
    private static final ConfigResource GROUPS = new ConfigResource(ConfigResource.Type.TOPIC, "convene.groups");

    @ParameterizedTest
    @EnumSource(names = {"WS_JSON", "HTTP"})
    void whatTheBrokerRefusesAsTooLargeIsSaidOnceAndTheSessionGoesOn(Surface surface) throws Exception {
        RunningSystem system = RunningSystem.shared();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", system.bootstrapServers()));
                TestSessions sessions = new TestSessions()) {
            TestSession session = sessions.connect(surface, system.gatewayA(), (String) null);
            session.join("sizes");
            set(admin, "100000");
            try {
                assertThatThrownBy(() -> session.multicast(ServiceLevel.AGREED, "x".repeat(300_000), "sizes"))
                        .isInstanceOfSatisfying(
                                Refused.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE));
                session.multicast(ServiceLevel.AGREED, "after", "sizes");
            } finally {
                set(admin, "4194304");
            }
            assertThat(session.next()).isInstanceOf(Push.View.class);
            Push.Message first = (Push.Message) session.next();
            assertThat(first.body().bytes()).asString().isEqualTo("after");
        }
    }

    private static void set(Admin admin, String bytes) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        GROUPS,
                        List.of(new AlterConfigOp(
                                new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }
}
