package dev.convene.systemtests.host;

import static dev.convene.systemtests.host.HostedLog.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.Topics;
import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import dev.convene.systemtests.host.CounterShard.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The only instance is killed again and again around a snapshot, with effects on their way: when its chunks are written
 * and nobody may see it, and when it has just become visible. The next run starts from what there is.
 */
@Tag("faults")
class SnapshotKillTests {
    private static final int ROUNDS = 6;
    private static final int ON_THEIR_WAY = 200;

    @TempDir
    private Path directory;

    @Test
    void nothingIsLostAndNothingDoubledWhenAnInstanceIsKilledBetweenAnEffectAndItsSnapshot() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("data")));
                CounterLog log = new CounterLog(broker.bootstrapServers(), "kills")) {
            ProcessRun run = new ProcessRun(broker, log);
            JvmProcess process = run.start(0);
            TestGateway gateway = log.gateway("gateway");
            long sent = 0;
            for (int round = 1; round <= ROUNDS; round++) {
                String watched = round % 2 == 0 ? Topics.MANIFESTS : Topics.ofSnapshots(log.name());
                CompletableFuture<Void> killed = new CompletableFuture<>();
                List<CompletableFuture<?>> answers = new ArrayList<>();
                JvmProcess victim = process;
                try (LogReader reader = gateway.instance().newReader("watch" + round)) {
                    TopicPartition partition = new TopicPartition(watched, 0);
                    long end = TestGateway.within(gateway.instance().admin().end(partition));
                    reader.add(partition, end, record -> {
                        if (!killed.isDone()) {
                            victim.signal("KILL");
                            killed.complete(null);
                        }
                    });
                    // Until the next snapshot comes about, and with it the kill.
                    for (int i = 0; i < 20_000 && !killed.isDone(); i++) {
                        answers.add(gateway.ask(0, new Command.AddThere(1, "there", 1)));
                        sent++;
                        if (i >= ON_THEIR_WAY) {
                            CompletableFuture.anyOf(killed, answers.get(i - ON_THEIR_WAY))
                                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                    .join();
                        }
                    }
                    TestGateway.within(killed);
                }
                process = run.start(round);
                answers.forEach(TestGateway::within);
            }
            long all = sent;
            await().atMost(PATIENCE).until(() -> gateway.add(1, "there", 0) >= all);
            assertThat(gateway.add(1, "there", 0)).isEqualTo(all);
            assertThat(gateway.faults()).isEmpty();
            process.close();
        }
    }

    /** While an effect cannot go out, a snapshot above it stays invisible: the next run gives it out. */
    @Test
    void anEffectThatCouldNotGoOutIsGivenByTheNextRun() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("data")));
                Admin kafka = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                CounterLog log = new CounterLog(broker.bootstrapServers(), "held")) {
            ProcessRun run = new ProcessRun(broker, log);
            TestGateway gateway;
            String later = "made-later";
            List<CompletableFuture<?>> answers = new ArrayList<>();
            try (JvmProcess process = run.start(0)) {
                gateway = log.gateway("gateway");
                // There is no such topic yet, and while it is asked for other effects wait now and then, too.
                answers.add(gateway.ask(0, new Command.AddElsewhere(later, "x", 1)));
                TopicPartition chunks = new TopicPartition(Topics.ofSnapshots(log.name()), 0);
                for (int i = 0; i < 2 * ON_THEIR_WAY; i++) {
                    answers.add(gateway.ask(0, new Command.Add("a", 1)));
                }
                await().atMost(PATIENCE)
                        .until(() -> gateway.instance().admin().end(chunks).join() > 0);
                await().during(Duration.ofMillis(1500)).atMost(PATIENCE).until(() -> visible(gateway, log) == 0);
                process.signal("KILL");
            }
            kafka.createTopics(List.of(new NewTopic(Topics.ofLog(later), 1, (short) 1)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
            try (JvmProcess process = run.start(1);
                    LogReader reader = gateway.instance().newReader("later")) {
                assertThat(process.isAlive()).isTrue();
                List<Position> arrived = new CopyOnWriteArrayList<>();
                reader.add(new TopicPartition(Topics.ofLog(later), 0), 0, record -> {
                    LogEntry.Forwards forwards = (LogEntry.Forwards) LogEntry.read(null, record.value());
                    forwards.forwards().forEach(forward -> arrived.add(forward.position()));
                });
                answers.forEach(TestGateway::within);
                await().atMost(PATIENCE).until(() -> visible(gateway, log) > 0);
                await().atMost(PATIENCE).until(() -> !arrived.isEmpty());
                assertThat(gateway.add(0, "a", 0)).isEqualTo(2 * ON_THEIR_WAY);
                assertThat(arrived).hasSize(1);
                assertThat(gateway.faults()).isEmpty();
            }
        }
    }

    private static int visible(TestGateway gateway, CounterLog log) {
        return gateway.instance()
                .snapshots()
                .manifests(log.name(), 0, gateway.instance().epoch(log.name()))
                .size();
    }

    private final class ProcessRun {
        private final EmbeddedBroker broker;
        private final CounterLog log;

        ProcessRun(EmbeddedBroker broker, CounterLog log) {
            this.broker = broker;
            this.log = log;
        }

        JvmProcess start(int round) {
            return ShardProcess.start(
                    ShardProcess.Shards.COUNTERS,
                    broker.bootstrapServers(),
                    log.name(),
                    "process",
                    directory.resolve("output" + round));
        }
    }
}
