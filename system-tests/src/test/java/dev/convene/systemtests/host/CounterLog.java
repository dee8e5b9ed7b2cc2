package dev.convene.systemtests.host;

import static org.awaitility.Awaitility.await;

import dev.convene.runtime.host.HostSettings;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.ShardHost;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.KafkaAccess;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.snapshot.SnapshotPlan;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/** A log of counters of a test's own, and the instances that hold it. */
final class CounterLog implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final int PARTITIONS = 2;
    /** Snapshots often, nothing kept for the history. */
    static final HostSettings SETTINGS = HostSettings.DEFAULT
            .withSnapshots(new SnapshotPlan(200, 1 << 20, Duration.ofSeconds(60), 2, Duration.ZERO, Long.MAX_VALUE))
            .withHandOverAfter(Duration.ZERO);

    /** An instance with its host. */
    record Member(Instance instance, ShardHost<CounterShard.Command> host) implements AutoCloseable {
        long total(int partition, String counter) {
            return host.inspectAsOfNow(partition, machine -> ((CounterShard) machine.shard()).total(counter))
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }

        String digest(int partition) {
            return host.inspectAsOfNow(partition, machine -> machine.digest())
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }

        void awaitOwner() {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> host.owns(0) && host.owns(PARTITIONS - 1));
        }

        void awaitStandby() {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> host.status().size() == PARTITIONS
                            && host.status().stream()
                                    .allMatch(status -> status.standing().name().equals("STANDBY")));
        }

        /** As a kill would: no goodbye, no last beat, no more effects. */
        void stopAbruptly() {
            instance.beats().fallSilent();
            host.stopAbruptly();
        }

        @Override
        public void close() {
            host.close();
            instance.close();
        }
    }

    private final String bootstrapServers;
    private final String name;
    private final List<AutoCloseable> open = new ArrayList<>();

    CounterLog(String bootstrapServers, String name) {
        this.bootstrapServers = bootstrapServers;
        this.name = name;
    }

    String name() {
        return name;
    }

    String topic() {
        return Topics.ofLog(name);
    }

    Instance instance(String instanceName, String role, boolean exclusive) {
        Instance.Settings settings = Instance.Settings.of(
                        instanceName, role, role.equals("counter") ? List.of(name) : List.of(), bootstrapServers)
                .withDefinitions(definitions());
        return Instance.start(exclusive ? settings.asExclusive() : settings, Clocks.SYSTEM, new SimpleMeterRegistry());
    }

    Member member(String instanceName) {
        return member(instanceName, false);
    }

    Member member(String instanceName, boolean exclusive) {
        return member(instanceName, exclusive, 1);
    }

    Member member(String instanceName, boolean exclusive, int behaviourMax) {
        Instance instance = instance(instanceName, "counter", exclusive);
        Member member = new Member(
                instance, new ShardHost<>(instance, name, () -> new CounterShard(name, behaviourMax), SETTINGS));
        open.add(member);
        return member;
    }

    TestGateway gateway(String gatewayName) {
        TestGateway gateway = new TestGateway(this, instance(gatewayName, "gateway", false));
        open.add(gateway);
        gateway.register();
        return gateway;
    }

    /** The offset after the last record of a partition. */
    long endOf(int partition) {
        try (LogAdmin admin = new LogAdmin(KafkaAccess.of(bootstrapServers, "end"))) {
            return TestGateway.within(admin.end(new TopicPartition(topic(), partition)));
        }
    }

    private List<TopicDefinition> definitions() {
        List<TopicDefinition> definitions = new ArrayList<>(TopicDefinition.all().stream()
                .filter(d ->
                        List.of(Topics.ANSWERS, Topics.BEATS, Topics.MANIFESTS).contains(d.name()))
                .toList());
        definitions.add(new TopicDefinition(topic(), PARTITIONS, Map.of("message.timestamp.type", "LogAppendTime")));
        definitions.add(new TopicDefinition(Topics.ofSnapshots(name), PARTITIONS, Map.of()));
        return definitions;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }
}
