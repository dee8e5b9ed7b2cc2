package dev.convene.systemtests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.KafkaAccess;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogConsumer;
import dev.convene.runtime.host.log.LogWriter;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.log.TopicsException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers: what the start makes and refuses, and that the loss of one loses nothing that was acknowledged. */
@Tag("faults")
@Timeout(240)
class ThreeBrokersTests {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TOPIC = "convene.groups";

    private ThreeBrokers brokers;
    private Admin kafka;
    private KafkaAccess access;
    private LogAdmin admin;

    @BeforeEach
    void start(@TempDir Path directory) {
        brokers = new ThreeBrokers(directory);
        access = KafkaAccess.of(brokers.bootstrapServers(), "test");
        admin = new LogAdmin(access);
        kafka = Admin.create(Map.of("bootstrap.servers", brokers.bootstrapServers()));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() ->
                        kafka.describeCluster().nodes().get(5, TimeUnit.SECONDS).size() == 3);
        Topics.ensure(admin, TopicDefinition.all(), Topics.Settings.CLUSTER);
    }

    @AfterEach
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
        assertThatThrownBy(() -> Topics.ensure(admin, TopicDefinition.all(), Topics.Settings.CLUSTER))
                .isInstanceOf(TopicsException.class)
                .hasMessageContaining(why);
        alter(setting, right);
    }

    private void alter(String setting, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
        kafka.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get(10, TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> config(TOPIC).get(setting).value().equals(value));
    }

    @Test
    void theLossOfOneBrokerLosesNothingAcknowledged() throws Exception {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        List<String> acknowledged = new ArrayList<>();
        int leader = admin.describe(TOPIC)
                .get(10, TimeUnit.SECONDS)
                .partitions()
                .getFirst()
                .leader()
                .id();
        try (LogWriter writer =
                new LogWriter("test", access, LogWriter.Settings.DEFAULT, Clocks.SYSTEM, new SimpleMeterRegistry())) {
            appendMany(writer, "before", 200, acknowledged);
            brokers.kill(leader);
            appendMany(writer, "after", 200, acknowledged);
        }
        List<String> read = new ArrayList<>();
        long end = admin.end(partition).get(10, TimeUnit.SECONDS);
        try (LogConsumer consumer = new LogConsumer("test", access, partition, 0)) {
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> read.add(new String(record.value(), StandardCharsets.UTF_8)));
                return consumer.position() >= end;
            });
        }
        assertThat(read).containsSubsequence(acknowledged);
        assertThat(read).doesNotHaveDuplicates();
    }

    /** Each with a name of its own, also when it is tried again: one of unknown outcome may stand there too. */
    private static void appendMany(LogWriter writer, String name, int count, List<String> acknowledged) {
        for (int i = 0; i < count; i++) {
            int number = i;
            int[] attempt = {0};
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
                String text = name + " " + number + "." + attempt[0]++;
                try {
                    writer.append(TOPIC, 0, text.getBytes(StandardCharsets.UTF_8))
                            .join();
                    acknowledged.add(text);
                    return true;
                } catch (CompletionException _) {
                    return false;
                }
            });
        }
    }
}
