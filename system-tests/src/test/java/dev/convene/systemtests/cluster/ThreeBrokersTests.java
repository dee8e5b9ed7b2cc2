package dev.convene.systemtests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.convene.gateway.GatewayApplication;
import dev.convene.groupservice.GroupServiceApplication;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Push;
import dev.convene.runtime.host.log.KafkaAccess;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.log.TopicsException;
import dev.convene.systemtests.Services;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Three brokers: what the start makes and refuses, and that the loss of one loses nothing that was acknowledged. */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class ThreeBrokersTests {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TOPIC = "convene.groups";
    private static final int MESSAGES = 200;

    private ThreeBrokers brokers;
    private Admin kafka;
    private KafkaAccess access;
    private LogAdmin admin;

    @BeforeAll
    void start(@TempDir Path directory) {
        brokers = new ThreeBrokers(directory);
        access = KafkaAccess.of(brokers.bootstrapServers(), "test");
        admin = new LogAdmin(access);
        kafka = Admin.create(Map.of("bootstrap.servers", brokers.bootstrapServers()));
    }

    @BeforeEach
    void awaitAll() {
        brokers.startWhatIsGone();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() ->
                        kafka.describeCluster().nodes().get(5, TimeUnit.SECONDS).size() == 3);
        Topics.ensure(admin, TopicDefinition.all(), Topics.Settings.CLUSTER);
    }

    @AfterAll
    void stop() {
        kafka.close(Duration.ofSeconds(1));
        admin.close();
        brokers.close();
    }

    @Test
    void topicsAreMadeToLoseNothingAndTheStartRefusesThemOtherwise() throws Exception {
        for (TopicDefinition definition : TopicDefinition.all()) {
            TopicDescription topic = admin.describe(definition.name()).get(10, TimeUnit.SECONDS);
            assertThat(topic.partitions())
                    .allMatch(partition -> partition.replicas().size() == 3);
            Config config = config(definition.name());
            assertThat(config.get("min.insync.replicas").value()).isEqualTo("2");
            assertThat(config.get("unclean.leader.election.enable").value()).isEqualTo("false");
        }
        refusedWith(
                "unclean.leader.election.enable",
                "true",
                TOPIC + " has unclean.leader.election.enable=true, not false");
        refusedWith("min.insync.replicas", "1", TOPIC + " has min.insync.replicas=1, at least 2 is needed");
        refusedWith("retention.ms", "1000", TOPIC + " has retention.ms=1000, not -1");
        Topics.ensure(admin, TopicDefinition.all(), Topics.Settings.CLUSTER);
    }

    private Config config(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return kafka.describeConfigs(List.of(resource))
                .all()
                .get(10, TimeUnit.SECONDS)
                .get(resource);
    }

    private void refusedWith(String setting, String value, String why) throws Exception {
        String right = config(TOPIC).get(setting).value();
        alter(setting, value);
        // Also by a process that was not told that this is a cluster.
        for (Topics.Settings settings : List.of(Topics.Settings.CLUSTER, Topics.Settings.SINGLE)) {
            assertThatThrownBy(() -> Topics.ensure(admin, TopicDefinition.all(), settings))
                    .isInstanceOf(TopicsException.class)
                    .hasMessageContaining(why);
        }
        alter(setting, right);
    }

    private void alter(String setting, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
        kafka.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get(10, TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> config(TOPIC).get(setting).value().equals(value));
    }

    @Contract("G52")
    @Test
    void theLossOfALeaderLosesDoublesAndReordersNothing() throws Exception {
        ConfigurableApplicationContext groupService = service(
                GroupServiceApplication.class,
                "group-service",
                "--convene.instance=gs",
                "--convene.group-service.port=0");
        ConfigurableApplicationContext gateway = service(GatewayApplication.class, "gateway", "--convene.instance=gw");
        try (TestSessions sessions = new TestSessions()) {
            Services.awaitReady(gateway);
            TestSession receiver = sessions.connect(Surface.WS_JSON, Services.address(gateway), "receiver");
            TestSession sender = sessions.connect(Surface.WS_JSON, Services.address(gateway), "sender");
            receiver.join("room");
            sender.join("room");
            List<String> acknowledged = new ArrayList<>();
            sendMany(sender, "before", acknowledged);

            brokers.kill(leaderOfTheRoom());
            long startNanos = System.nanoTime();
            sendMany(sender, "after", acknowledged);
            System.out.println("MEASURED 200 messages one after the other from the loss of a leader: "
                    + (System.nanoTime() - startNanos) / 1_000_000 + " ms");

            List<String> received = receiver.drain().stream()
                    .filter(Push.Message.class::isInstance)
                    .map(push -> ((Push.Message) push).body())
                    .map(body -> new String(body.bytes(), StandardCharsets.UTF_8))
                    .toList();
            assertThat(received).containsSubsequence(acknowledged).doesNotHaveDuplicates();
            receiver.close();
            sender.close();
        } finally {
            gateway.close();
            groupService.close();
        }
    }

    private ConfigurableApplicationContext service(Class<?> application, String configuration, String... more) {
        List<String> options = new ArrayList<>(List.of(more));
        options.add("--convene.kafka.replication-factor=3");
        options.add("--convene.kafka.min-insync-replicas=2");
        return Services.start(application, configuration, brokers.bootstrapServers(), options.toArray(String[]::new));
    }

    /** All groups of the test live in one domain, and so in the partition that has grown. */
    private int leaderOfTheRoom() throws Exception {
        TopicDescription topic = admin.describe(TOPIC).get(10, TimeUnit.SECONDS);
        int room = 0;
        long longest = -1;
        for (int partition = 0; partition < topic.partitions().size(); partition++) {
            long end = admin.end(new TopicPartition(TOPIC, partition)).get(10, TimeUnit.SECONDS);
            if (end > longest) {
                longest = end;
                room = partition;
            }
        }
        return topic.partitions().get(room).leader().id();
    }

    /** Each attempt has a text of its own: one of unknown outcome may be delivered, once. */
    private static void sendMany(TestSession sender, String name, List<String> acknowledged) {
        for (int i = 0; i < MESSAGES; i++) {
            int number = i;
            int[] attempt = {0};
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> {
                String text = name + " " + number + "." + attempt[0]++;
                try {
                    sender.multicast(ServiceLevel.AGREED, text, "room");
                    acknowledged.add(text);
                    return true;
                } catch (Refused e) {
                    assertThat(e.isTemporary()).isTrue();
                    return false;
                }
            });
        }
    }
}
