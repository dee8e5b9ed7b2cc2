package dev.convene.systemtests.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.gateway.GatewayApplication;
import dev.convene.groupservice.adapter.log.HostedOperations;
import dev.convene.groupservice.adapter.log.HostedShards;
import dev.convene.groupservice.core.audit.AuditLog;
import dev.convene.groupservice.core.sessions.SessionsShard;
import dev.convene.groupservice.core.shards.ShardOperations;
import dev.convene.protocol.Content;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.runtime.host.HostSettings;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.KafkaAccess;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.snapshot.SnapshotPlan;
import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import dev.convene.systemtests.Services;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The shards of sessions and groups on the real host, under the traffic of clients: a replica that was started from a
 * snapshot is the same as one that ran from the beginning.
 */
@Timeout(180)
class SnapshotDigestTests {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int CLIENTS = 4;
    private static final byte[] HERE = "\"here\"".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    /** Snapshots often, nothing kept for the history: whoever starts cannot have read the log from its beginning. */
    private static final SnapshotPlan PLAN =
            new SnapshotPlan(40, 1 << 20, Duration.ofSeconds(60), 2, Duration.ZERO, Long.MAX_VALUE);

    @TempDir
    private Path directory;

    @Test
    void aReplicaFromASnapshotIsTheSameAsOneThatRanFromTheBeginning() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(directory))) {
            HostedShards first = hold(broker, "gs-1");
            HostedShards second = hold(broker, "gs-2");
            ConfigurableApplicationContext gateway = Services.start(
                    GatewayApplication.class, "gateway", broker.bootstrapServers(), "--convene.instance=gw");
            HostedShards third;
            try (LogAdmin admin = new LogAdmin(KafkaAccess.of(broker.bootstrapServers(), "test"))) {
                Services.awaitReady(gateway);
                URI address = Services.address(gateway);
                Traffic traffic = new Traffic(address, System.nanoTime());
                // The log begins at a snapshot: where the domain of all groups lives, and for the sessions.
                TopicPartition sessions = new TopicPartition("convene.sessions", 0);
                await().atMost(PATIENCE)
                        .until(() -> admin.begin(sessions).join() > 0
                                && grown(admin).stream()
                                        .anyMatch(place -> admin.begin(place).join() > 0));
                third = hold(broker, "gs-3");
                int before = traffic.rounds.get();
                await().atMost(PATIENCE).until(() -> traffic.rounds.get() >= before + 20);
                traffic.stop();
                assertThat(traffic.faults).isEmpty();
                for (TopicPartition place : grown(admin)) {
                    String log = place.topic().substring("convene.".length());
                    assertSame(log, place.partition(), List.of(first, second, third));
                }
                third.stop();
            } finally {
                gateway.close();
                second.stop();
                first.stop();
            }
        }
    }

    /** The shards' partitions in which anything stands. */
    private static List<TopicPartition> grown(LogAdmin admin) {
        List<TopicPartition> all = new ArrayList<>();
        all.add(new TopicPartition("convene.sessions", 0));
        for (int partition = 0; partition < 4; partition++) {
            all.add(new TopicPartition("convene.groups", partition));
        }
        return all.stream().filter(place -> admin.end(place).join() > 10).toList();
    }

    private static HostedShards hold(EmbeddedBroker broker, String name) {
        HostSettings host = new HostSettings(
                3, PLAN, HostSettings.DEFAULT.outbox(), HostSettings.DEFAULT.reader(), Duration.ZERO, true);
        Instance.Settings instance = Instance.Settings.of(
                name, "group-service", List.of(SessionsShard.LOG, SessionsShard.GROUPS_LOG), broker.bootstrapServers());
        HostedShards shards = new HostedShards(
                new HostedShards.Settings(instance, host, Duration.ofSeconds(5), Duration.ofSeconds(5)),
                Clocks.SYSTEM,
                new SimpleMeterRegistry(),
                AuditLog.NONE);
        shards.start();
        return shards;
    }

    /** Ticks may still come: looks until all stand at the same place. */
    private static void assertSame(String log, int partition, List<HostedShards> replicas) {
        List<ShardOperations.Digest> digests = new ArrayList<>();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            digests.clear();
            for (HostedShards replica : replicas) {
                digests.add(new HostedOperations(replica).digest(log, partition).join());
            }
            return digests.stream()
                            .map(ShardOperations.Digest::position)
                            .distinct()
                            .count()
                    == 1;
        });
        assertThat(digests.stream().map(ShardOperations.Digest::digest).distinct())
                .as(log + "/" + partition + " " + digests)
                .hasSize(1);
    }

    /** Clients that come, join, send, take work, lose their connections and go. */
    private static final class Traffic {
        final AtomicInteger rounds = new AtomicInteger();
        final List<String> faults = new java.util.concurrent.CopyOnWriteArrayList<>();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean stopped;

        Traffic(URI gateway, long seed) {
            System.out.println("seed " + seed);
            for (int client = 0; client < CLIENTS; client++) {
                Random random = new Random(seed + client);
                threads.add(Thread.ofPlatform().daemon().start(() -> run(gateway, random)));
            }
        }

        private void run(URI gateway, Random random) {
            try (TestSessions sessions = new TestSessions()) {
                while (!stopped) {
                    round(sessions, gateway, random);
                    rounds.incrementAndGet();
                }
            } catch (RuntimeException | AssertionError e) {
                faults.add(e.toString());
            }
        }

        private static void round(TestSessions sessions, URI gateway, Random random) {
            TestSession session = sessions.connect(Surface.WS_JSON, gateway, (String) null);
            String group = "team/" + random.nextInt(5);
            session.join(group);
            session.join("plain" + random.nextInt(5));
            session.call(new GroupOperation.Presence(group, new Body(Content.JSON, HERE)));
            for (int i = random.nextInt(10); i > 0; i--) {
                session.multicast(ServiceLevel.AGREED, "message " + i, group);
            }
            if (random.nextBoolean()) {
                session.leave(group);
            }
            switch (random.nextInt(3)) {
                case 0 -> session.abort();
                case 1 -> {
                    session.abort();
                    sessions.resume(
                                    Surface.WS_JSON,
                                    gateway,
                                    session.connected(),
                                    session.connected().at())
                            .session()
                            .close();
                }
                default -> session.close();
            }
        }

        void stop() {
            stopped = true;
            for (Thread thread : threads) {
                try {
                    assertThat(thread.join(PATIENCE)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
