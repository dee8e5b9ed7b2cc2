package dev.convene.systemtests.host;

import static dev.convene.systemtests.host.HostedLog.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.host.Operations;
import dev.convene.runtime.host.ReaderShard;
import dev.convene.runtime.host.ReplayPass;
import dev.convene.runtime.host.TailListener;
import dev.convene.runtime.host.beat.Beat;
import dev.convene.runtime.host.beat.Life;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.systemtests.host.CounterShard.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What operators do to shards that do not go on, and after a restore. */
class OperationsTests extends CounterLogContract {
    @Test
    void aSkipLetsAllReplicasAndReadersGoOnAlike() {
        HostedLog.Member<CounterShard.Command> owner = log.member("one");
        owner.awaitOwner();
        HostedLog.Member<CounterShard.Command> standby = log.member("two");
        standby.awaitStandby();
        TestGateway gateway = log.gateway("gateway");
        try (LogReader tail = gateway.instance().newReader("tail")) {
            ReaderShard<Command> reader = new ReaderShard<>(
                    gateway.instance(), tail, log.name(), 0, () -> new CounterShard(log.name()), new Silent());
            reader.start();
            addMany(gateway, 10);
            long poison = TestGateway.within(gateway.append(0, new LogEntry.Unasked(new Command.Fail().toBytes())));
            awaitHalted(owner);
            awaitHalted(standby);
            Operations<Command> operations = new Operations<>(owner.host());
            refused(() -> operations.skip(0, poison + 1, false), "has halted at " + poison + ", not at");
            refused(() -> operations.skip(1, poison, false), "has not halted here");
            refused(() -> operations.skip(7, poison, false), "does not hold");
            long end = end();
            assertThat(TestGateway.within(operations.skip(0, poison, true))).startsWith("Would pass over");
            assertThat(end()).isEqualTo(end);

            assertThat(TestGateway.within(operations.skip(0, poison, false)))
                    .contains("is passed over by all replicas");

            assertThat(gateway.add(0, "a", 1)).isEqualTo(11);
            // An effect may be given out once more and be a record in between: until they are asked at the same
            // position.
            HostedLog.assertSame(() -> standby.digestAt(0), () -> owner.digestAt(0));
            HostedLog.assertSame(
                    () -> TestGateway.within(reader.inspectAsOfNow(HostedLog.Digest::of)), () -> owner.digestAt(0));
            // Whoever comes later knows before it gets there.
            Again heard = new Again();
            assertThat(replay(gateway, heard)).isEqualTo(ReplayPass.Outcome.COMPLETE);
            assertThat(heard.again).isEmpty();
            reader.close();
        }
    }

    @Test
    void aReplayLooksAheadForADecisionThatItHasNotHeardOf() {
        HostedLog.Member<CounterShard.Command> owner = log.member("one");
        owner.awaitOwner();
        TestGateway gateway = log.gateway("gateway");
        addMany(gateway, 5);
        long poison = TestGateway.within(gateway.append(0, new LogEntry.Unasked(new Command.Fail().toBytes())));
        awaitHalted(owner);
        owner.host().stopAbruptly();
        assertThat(replay(gateway, new Again())).isEqualTo(ReplayPass.Outcome.HALTED);
        TestGateway.within(gateway.append(0, new LogEntry.Skip(poison)));

        Again heard = new Again();
        assertThat(replay(gateway, heard)).isEqualTo(ReplayPass.Outcome.COMPLETE);

        assertThat(heard.again).containsExactly(poison);
        assertThat(heard.applied)
                .doesNotHaveDuplicates()
                .isSorted()
                .doesNotContain(poison)
                .contains(poison - 1, poison + 1);
    }

    @Test
    void aRaisedEpochKeepsTheStateAndVoidsPositions() {
        HostedLog.Member<CounterShard.Command> owner = log.member("one");
        owner.awaitOwner();
        TestGateway gateway = log.gateway("gateway");
        await().atMost(PATIENCE).until(() -> {
            addMany(gateway, 300);
            return owner.instance()
                            .admin()
                            .begin(new TopicPartition(log.topic(), 0))
                            .join()
                    > 0;
        });
        long total = gateway.add(0, "a", 1);
        String before = owner.instance().epoch(log.name()).text();
        Operations<Command> operations = new Operations<>(owner.host());
        refused(() -> operations.raiseEpoch("other0", false), "no snapshot of epoch other0 lies between");
        assertThat(TestGateway.within(operations.raiseEpoch(null, true))).startsWith("Would raise");

        Life other = new Life("gs-2-group-service", 7);
        beat(owner, new Beat(other, "group-service", 1, Beat.NO_GATEWAY, false, List.of(log.name()), List.of()));
        await().atMost(PATIENCE)
                .untilAsserted(() -> refused(() -> operations.raiseEpoch(null, false), "gs-2-group-service still run"));
        beat(owner, new Beat(other, "group-service", 2, Beat.NO_GATEWAY, true, List.of(log.name()), List.of()));
        await().atMost(PATIENCE)
                .ignoreException(ConveneException.class)
                .until(() ->
                        TestGateway.within(operations.raiseEpoch(null, true)).startsWith("Would raise"));

        assertThat(TestGateway.within(operations.raiseEpoch(null, false))).contains("start all of them again");
        owner.close();

        HostedLog.Member<CounterShard.Command> again = log.member("one");
        again.awaitOwner();
        assertThat(again.instance().epoch(log.name()).text()).isNotEqualTo(before);
        assertThat(CounterLog.total(again, 0, "a")).isEqualTo(total);
    }

    @Test
    void aReplicaThatDoesNotKnowABehaviourGivesItsShardsToOneThatDoes() {
        HostedLog.Member<CounterShard.Command> old = log.member("old", false, 1);
        old.awaitOwner();
        HostedLog.Member<CounterShard.Command> young = log.member("young", false, 2);
        young.awaitStandby();
        TestGateway gateway = log.gateway("gateway");
        addMany(gateway, 10);
        refused(() -> new Operations<>(old.host()).behaviour(2, false), "knows the behaviours 1 to 1");
        Operations<Command> operations = new Operations<>(young.host());
        assertThat(TestGateway.within(operations.behaviour(2, true))).startsWith("Would switch");
        assertThat(behaviourOf(young)).isEqualTo(1);

        assertThat(TestGateway.within(operations.behaviour(2, false))).contains("cannot be switched off");

        young.awaitOwner();
        assertThat(gateway.add(0, "a", 1)).isEqualTo(11);
        assertThat(behaviourOf(young)).isEqualTo(2);
        awaitHalted(old);
        assertThat(old.host().status().getFirst().fault()).contains("behaviour version 2 is not known here");
        long at = old.host().status().getFirst().applied();
        refused(() -> new Operations<>(old.host()).skip(0, at, false), "start a newer version");
        assertThat(gateway.faults()).isEmpty();
    }

    private static void beat(HostedLog.Member<CounterShard.Command> member, Beat beat) {
        TestGateway.within(member.instance().writer().append(Topics.BEATS, 0, beat.toBytes()));
    }

    private void addMany(TestGateway gateway, int count) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(gateway.ask(0, new Command.Add("a", 1)));
        }
        answers.forEach(TestGateway::within);
    }

    private long end() {
        return log.endOf(0);
    }

    private static int behaviourOf(HostedLog.Member<CounterShard.Command> member) {
        return TestGateway.within(
                member.host().inspect(0, machine -> machine.view().behaviour()));
    }

    private static void awaitHalted(HostedLog.Member<CounterShard.Command> member) {
        await().atMost(PATIENCE).until(() -> member.host().status().getFirst().standing() == Beat.Standing.HALTED);
    }

    private static void refused(java.util.function.Supplier<CompletableFuture<?>> operation, String why) {
        assertThatThrownBy(() -> {
                    try {
                        TestGateway.within(operation.get());
                    } catch (java.util.concurrent.CompletionException e) {
                        throw e.getCause();
                    }
                })
                .isInstanceOf(ConveneException.class)
                .hasMessageContaining(why);
    }

    private ReplayPass.Outcome replay(TestGateway gateway, Again listener) {
        ReplayPass.Request request = ReplayPass.Request.of(Position.of(0), log.endOf(0));
        ReplayPass.start(
                gateway.instance(),
                log.name(),
                0,
                () -> new CounterShard(log.name()),
                Set.of(),
                List.of(request),
                listener,
                ReplayPass.Bounds.DEFAULT);
        return TestGateway.within(request.ended());
    }

    private static final class Silent implements TailListener<Command> {
        @Override
        public EffectSink sink() {
            return EffectSink.NONE;
        }
    }

    private static final class Again implements ReplayPass.Listener<Command> {
        final List<Long> applied = new ArrayList<>();
        final List<Long> again = new ArrayList<>();

        @Override
        public EffectSink sink() {
            return EffectSink.NONE;
        }

        @Override
        public void applied(LogRecord record) {
            applied.add(record.offset());
        }

        @Override
        public void again(long offset) {
            again.add(offset);
        }
    }
}
