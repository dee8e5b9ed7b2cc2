package dev.convene.systemtests.host;

import static dev.convene.systemtests.host.HostedLog.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.snapshot.Manifest;
import dev.convene.systemtests.host.CounterShard.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class ShardHostTests extends CounterLogContract {
    @Test
    void answersRequestsAndCountsTime() {
        HostedLog.Member<CounterShard.Command> owner = log.member("one");
        owner.awaitOwner();
        TestGateway gateway = log.gateway("gateway");

        assertThat(gateway.add(0, "a", 5)).isEqualTo(5);
        assertThat(gateway.add(0, "a", 6)).isEqualTo(11);
        assertThat(gateway.add(1, "a", 1)).isEqualTo(1);

        long startNanos = System.nanoTime();
        TestGateway.within(gateway.ask(0, new Command.AddLater(300, "later")));
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> CounterLog.total(owner, 0, "later") == 1);
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isBetween(Duration.ofMillis(300), PATIENCE);
        assertThat(gateway.faults()).isEmpty();
    }

    @Test
    void sendsToOtherPartitionsOnceAlthoughTheOwnerChanges() {
        HostedLog.Member<CounterShard.Command> first = log.member("one");
        first.awaitOwner();
        HostedLog.Member<CounterShard.Command> second = log.member("two");
        second.awaitStandby();
        TestGateway gateway = log.gateway("gateway");

        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(gateway.ask(0, new Command.AddThere(1, "there", 1)));
            if (i == 250) {
                first.stopAbruptly();
            }
        }
        answers.forEach(TestGateway::within);
        await().atMost(PATIENCE).until(() -> CounterLog.total(second, 1, "there") >= 500);

        assertThat(gateway.add(1, "there", 0)).isEqualTo(500);
        assertThat(gateway.faults()).isEmpty();
    }

    @Test
    void goesOnFromASnapshotAsALongRunningReplicaWould() {
        HostedLog.Member<CounterShard.Command> first = log.member("one");
        first.awaitOwner();
        HostedLog.Member<CounterShard.Command> second = log.member("two");
        second.awaitStandby();
        TestGateway gateway = log.gateway("gateway");
        await().atMost(PATIENCE).until(() -> {
            addMany(gateway, 250);
            return manifests(first).size() >= 2;
        });
        second.close();
        addMany(gateway, 50);

        HostedLog.Member<CounterShard.Command> again = log.member("two");
        again.awaitStandby();

        HostedLog.assertSame(() -> again.digestAt(0), () -> first.digestAt(0));
        // The log below the oldest kept snapshot is deleted, so the new replica cannot have read it from the start.
        await().atMost(PATIENCE)
                .until(() -> first.instance()
                                .admin()
                                .begin(new org.apache.kafka.common.TopicPartition(log.topic(), 0))
                                .join()
                        > 0);
    }

    @Test
    void takesOverFromAnOwnerThatStopsWithoutAWord() {
        HostedLog.Member<CounterShard.Command> first = log.member("one");
        first.awaitOwner();
        HostedLog.Member<CounterShard.Command> second = log.member("two");
        second.awaitStandby();
        TestGateway gateway = log.gateway("gateway");
        addMany(gateway, 500);

        first.stopAbruptly();

        assertThat(gateway.add(0, "a", 1)).isEqualTo(501);
        assertThat(gateway.add(1, "a", 1)).isEqualTo(1);
        assertThat(gateway.faults()).isEmpty();
    }

    @Test
    void handsItsShardsOverWhenItGoesDown() {
        HostedLog.Member<CounterShard.Command> first = log.member("one");
        first.awaitOwner();
        HostedLog.Member<CounterShard.Command> second = log.member("two");
        second.awaitStandby();
        TestGateway gateway = log.gateway("gateway");

        first.close();

        assertThat(second.host().owns(0)).isTrue();
        assertThat(second.host().owns(1)).isTrue();
        assertThat(gateway.add(0, "a", 1)).isEqualTo(1);
    }

    @Test
    void claimsAtOnceWhatAnEarlierRunOfTheSameExclusiveInstanceOwned() {
        HostedLog.Member<CounterShard.Command> first = log.member("one", true);
        first.awaitOwner();
        first.stopAbruptly();

        HostedLog.Member<CounterShard.Command> again = log.member("one", true);
        long startNanos = System.nanoTime();
        again.awaitOwner();

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofMillis(900));
    }

    @Test
    void stopsAtARecordThatFailsAndGoesOnWhenToldToSkipIt() {
        HostedLog.Member<CounterShard.Command> owner = log.member("one");
        owner.awaitOwner();
        TestGateway gateway = log.gateway("gateway");
        addMany(gateway, 10);
        gateway.append(0, new LogEntry.Unasked(new Command.Fail().toBytes()));

        await().atMost(PATIENCE).until(() -> !owner.host().status().getFirst().isHealthy());
        assertThat(owner.host().inspect(0, machine -> 0))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining(ErrorCode.SHARD_HALTED.advice());
        assertThat(gateway.add(1, "other", 1)).isEqualTo(1);
        long offset = Long.parseLong(
                owner.host().status().getFirst().fault().replaceAll("(?s)halted at offset (\\d+):.*", "$1"));

        gateway.append(0, new LogEntry.Skip(offset));

        assertThat(gateway.add(0, "a", 1)).isEqualTo(11);
        assertThat(owner.host().status().getFirst().isHealthy()).isTrue();
    }

    private void addMany(TestGateway gateway, int count) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(gateway.ask(0, new Command.Add("a", 1)));
        }
        answers.forEach(TestGateway::within);
    }

    @Test
    void hearsOfSnapshotsAgainWhenTheirTopicWasMadeAnew() throws Exception {
        HostedLog.Member<CounterShard.Command> owner = log.member("one");
        owner.awaitOwner();
        TestGateway gateway = log.gateway("gateway");
        await().atMost(PATIENCE).until(() -> {
            addMany(gateway, 250);
            return !manifests(owner).isEmpty();
        });

        try (Admin kafka = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            kafka.deleteTopics(List.of(Topics.MANIFESTS)).all().get();
            await().atMost(PATIENCE)
                    .until(() -> !kafka.listTopics().names().get().contains(Topics.MANIFESTS));
        }
        // Whoever starts makes the topics that are missing.
        HostedLog.Member<CounterShard.Command> standby = log.member("two");

        long before = manifests(owner).getFirst().position();
        await().atMost(PATIENCE).until(() -> {
            addMany(gateway, 250);
            return manifests(owner).getFirst().position() > before
                    && !manifests(standby).isEmpty();
        });
        standby.awaitStandby();
        HostedLog.assertSame(() -> standby.digestAt(0), () -> owner.digestAt(0));
    }

    private List<Manifest> manifests(HostedLog.Member<CounterShard.Command> member) {
        return member.instance()
                .snapshots()
                .manifests(log.name(), 0, member.instance().epoch(log.name()));
    }
}
