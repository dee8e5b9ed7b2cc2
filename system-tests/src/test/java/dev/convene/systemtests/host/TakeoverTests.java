package dev.convene.systemtests.host;

import static dev.convene.systemtests.host.HostedLog.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.systemtests.host.CounterShard.Command;
import dev.convene.testkit.Slack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TakeoverTests extends CounterLogContract {
    @TempDir
    private Path directory;

    /** Also what a stopped process does when it goes on has no effect. */
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "STOP"})
    void continuesWithinTwoSecondsWhenTheOwnersProcessGets(String signal, TestReporter reporter) {
        try (JvmProcess owner = ShardProcess.start(
                ShardProcess.Shards.COUNTERS, bootstrapServers(), log.name(), "process", directory.resolve("output"))) {
            TestGateway gateway = log.gateway("gateway");
            HostedLog.Member<CounterShard.Command> standby = log.member("standby");
            standby.awaitStandby();
            await().atMost(PATIENCE)
                    .until(() -> standby.host().status().getFirst().owner().startsWith("process@"));
            addMany(gateway, 500);

            try (TakeoverClock clock = new TakeoverClock(log, standby)) {
                List<CompletableFuture<?>> answers = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    answers.add(gateway.ask(0, new Command.AddThere(1, "there", 1)));
                }
                clock.stopped();
                owner.signal(signal);
                CompletableFuture<?> waiting = gateway.ask(0, new Command.Add("a", 1));
                TestGateway.within(waiting);
                clock.answered();
                answers.forEach(TestGateway::within);
                reporter.publishEntry(signal, clock.parts());
                assertThat(clock.total()).isLessThan(Slack.of(Duration.ofSeconds(2)));
            }
            if (signal.equals("STOP")) {
                owner.signal("CONT");
            }
            addMany(gateway, 500);
            await().atMost(PATIENCE).until(() -> CounterLog.total(standby, 1, "there") >= 100);

            assertThat(gateway.add(0, "a", 0)).isEqualTo(1001);
            assertThat(gateway.add(1, "there", 0)).isEqualTo(100);
            assertThat(standby.host().owns(0)).isTrue();
            assertThat(gateway.faults()).isEmpty();
        }
    }

    private static void addMany(TestGateway gateway, int count) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(gateway.ask(0, new Command.Add("a", 1)));
        }
        answers.forEach(TestGateway::within);
    }
}
