package dev.convene.systemtests.host;

import static dev.convene.systemtests.host.CounterLog.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.Topics;
import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import dev.convene.systemtests.host.CounterShard.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
            CounterProcessRun run = new CounterProcessRun(broker, log);
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
                                    .orTimeout(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
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

    private final class CounterProcessRun {
        private final EmbeddedBroker broker;
        private final CounterLog log;

        CounterProcessRun(EmbeddedBroker broker, CounterLog log) {
            this.broker = broker;
            this.log = log;
        }

        JvmProcess start(int round) {
            return CounterProcess.start(
                    broker.bootstrapServers(), log.name(), "process", directory.resolve("output" + round));
        }
    }
}
