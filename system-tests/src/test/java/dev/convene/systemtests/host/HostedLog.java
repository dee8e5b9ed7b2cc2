package dev.convene.systemtests.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.runtime.Shard;
import dev.convene.runtime.host.HostSettings;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.ShardHost;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.KafkaAccess;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.snapshot.SnapshotPlan;
import dev.convene.runtime.machine.ShardMachine;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * A log of a test's own with two partitions, and the instances that hold it.
 *
 * @param <C> the commands of its shards
 */
final class HostedLog<C> implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final int PARTITIONS = 2;
    /** Snapshots often, nothing kept for the history. */
    static final HostSettings SETTINGS = HostSettings.DEFAULT
            .withSnapshots(new SnapshotPlan(200, 1 << 20, Duration.ofSeconds(60), 2, Duration.ZERO, Long.MAX_VALUE))
            .withHandOverAfter(Duration.ZERO);

    /**
     * An instance with its host.
     *
     * @param <C> the commands of its shards
     */
    record Member<C>(Instance instance, ShardHost<C> host) implements AutoCloseable {
        /** What the shard's thread sees when it has applied everything that is in the log now. */
        <T> T look(int partition, Function<ShardMachine<C>, T> question) {
            return host.inspectAsOfNow(partition, question::apply)
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }

        Digest digestAt(int partition) {
            return look(partition, Digest::of);
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

    /** The digest of a machine that has applied everything below a position. */
    record Digest(long position, String digest) {
        static Digest of(ShardMachine<?> machine) {
            return new Digest(machine.view().nextOffset(), machine.digest());
        }
    }

    /** Two machines are the same. A tick may come between the two looks: looks until both stand at one place. */
    static void assertSame(Supplier<Digest> one, Supplier<Digest> other) {
        await().atMost(PATIENCE).until(() -> {
            Digest first = one.get();
            Digest second = other.get();
            if (first.position() != second.position()) {
                return false;
            }
            assertThat(first.digest()).isEqualTo(second.digest());
            return true;
        });
    }

    private final String bootstrapServers;
    private final String name;
    private final List<AutoCloseable> open = new ArrayList<>();

    HostedLog(String bootstrapServers, String name) {
        this.bootstrapServers = bootstrapServers;
        this.name = name;
    }

    String name() {
        return name;
    }

    String topic() {
        return Topics.ofLog(name);
    }

    /** An instance that holds no shards. */
    Instance visitor(String instanceName) {
        return start(settings(instanceName, "gateway", List.of()));
    }

    Member<C> member(String instanceName, boolean exclusive, Supplier<Shard<C>> shards) {
        Instance.Settings settings = settings(instanceName, "host", List.of(name));
        Instance instance = start(exclusive ? settings.asExclusive() : settings);
        return closing(new Member<>(instance, new ShardHost<>(instance, name, shards, SETTINGS)));
    }

    private Instance.Settings settings(String instanceName, String role, List<String> hosted) {
        return Instance.Settings.of(instanceName, role, hosted, bootstrapServers)
                .withDefinitions(definitions());
    }

    private static Instance start(Instance.Settings settings) {
        return Instance.start(settings, Clocks.SYSTEM, new SimpleMeterRegistry());
    }

    /** Closed with the log, before what was opened earlier. */
    <T extends AutoCloseable> T closing(T one) {
        open.add(one);
        return one;
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
