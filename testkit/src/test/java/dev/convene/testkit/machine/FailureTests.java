package dev.convene.testkit.machine;

import static dev.convene.testkit.machine.MachineBench.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.EffectSink.Passed;
import dev.convene.runtime.machine.HaltedException;
import dev.convene.runtime.machine.MachineLimits;
import dev.convene.runtime.machine.ShardMachine;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What goes wrong stays where it is: counted, answered, or halted at its record. */
class FailureTests {
    private final MachineBench bench = new MachineBench();

    @Test
    void aFailedCheckIsAnsweredCountedAndChangesNothing() {
        bench.send(numbered(1, 1, 0, 1), "fail");
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.INTERNAL);
        var failures = bench.machine.view().failures();
        assertThat(failures.failedCount()).isEqualTo(1);
        assertThat(failures.last().getLast().offset()).isEqualTo(bench.nextOffset() - 1);
        assertThat(bench.shard.seen).doesNotContain("fail");
        bench.send(numbered(1, 1, 0, 2), "add x");
        assertThat(bench.last.answers.getFirst().isOk()).isTrue();
    }

    @Test
    void onlySoManyFailuresAreRemembered() {
        for (int i = 1; i <= MachineLimits.FAILURES_KEPT_MAX + 20; i++) {
            bench.send(numbered(1, 1, 0, i), "fail");
        }
        assertThat(bench.machine.view().failures().last()).hasSize(MachineLimits.FAILURES_KEPT_MAX);
        assertThat(bench.machine.view().failures().failedCount()).isEqualTo(MachineLimits.FAILURES_KEPT_MAX + 20);
    }

    @Test
    void aCommandThatCannotBeReadIsAnsweredAndPassedOver() {
        bench.send(numbered(1, 1, 0, 1), "?");
        assertThat(bench.last.passed).containsExactly(Passed.MALFORMED);
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(bench.machine.view().failures().malformedCount()).isEqualTo(1);
    }

    @Test
    void aChangeThatThrowsHaltsTheShardAtItsRecord() {
        byte[] halt = MachineBench.command(numbered(1, 1, 0, 1), "halt").toBytes();
        assertThatThrownBy(() -> bench.machine.apply(bench.nextOffset(), null, halt, EffectSink.NONE))
                .isInstanceOfSatisfying(
                        HaltedException.class, e -> assertThat(e.offset()).isEqualTo(bench.nextOffset()));
    }

    @Test
    void aSkippedRecordIsPassedOverOnEveryReplica() {
        long at = bench.nextOffset();
        MachineBench skipping = new MachineBench(at);
        skipping.send(numbered(1, 1, 0, 1), "halt");
        assertThat(skipping.last.words).isEmpty();
        skipping.append(new LogEntry.Skip(at));
        skipping.send(numbered(1, 1, 0, 1), "add x");
        assertThat(skipping.last.answers.getFirst().isOk()).isTrue();
    }

    @Test
    void anUnknownBehaviourHaltsAndAKnownOneIsSwitchedOnForGood() {
        bench.shard.behaviourMax = 3;
        bench.append(new LogEntry.Behaviour(3));
        bench.append(new LogEntry.Behaviour(2));
        assertThat(bench.machine.view().behaviour()).isEqualTo(3);
        byte[] unknown = new LogEntry.Behaviour(4).toBytes();
        assertThatThrownBy(() -> bench.machine.apply(bench.nextOffset(), null, unknown, EffectSink.NONE))
                .isInstanceOf(HaltedException.class);
    }

    @Test
    void aSnapshotOfAnUnknownFormatIsRefusedWithItsVersion() {
        byte[] snapshot = bench.machine.snapshot();
        snapshot[0]++;
        assertThatThrownBy(() -> ShardMachine.fromSnapshot(new ProbeShard(), snapshot, Set.of()))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage("snapshot version " + snapshot[0] + " is not known here");
    }

    @Test
    void malformedRecordsAreCountedAndHaveNoEffect() {
        String before = bench.shard.seen.toString();
        byte[] good = new LogEntry.Commands(List.of(MachineBench.command(numbered(1, 1, 0, 1), "add x"))).toBytes();
        List<byte[]> bad = List.of(
                new byte[0],
                new byte[] {1},
                new byte[] {2, 1, 0},
                new byte[] {1, 99},
                Arrays.copyOf(good, good.length - 1),
                new byte[] {1, 1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07},
                new byte[] {1, 4, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1});
        for (byte[] value : bad) {
            bench.append(null, value);
        }
        bench.append(new LogEntry.Tick(1, 0, 0).toBytes(), new byte[0]);
        assertThat(bench.machine.view().failures().malformedCount()).isEqualTo(bad.size() + 1);
        assertThat(bench.shard.seen).hasToString(before);
        assertThat(bench.machine.view().nextOffset()).isEqualTo(bench.nextOffset());
    }

    @Test
    void aRecordWithoutValueIsIgnored() {
        bench.append(null, null);
        assertThat(bench.machine.view().failures().malformedCount()).isZero();
    }

    @Test
    void anOffsetThatComesAgainIsRefused() {
        byte[] probe = new LogEntry.Probe(1).toBytes();
        assertThatThrownBy(() -> bench.machine.apply(bench.nextOffset() - 1, null, probe, EffectSink.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        bench.skipOffsets(5);
        bench.append(new LogEntry.Probe(1));
    }

    @Test
    void whatAnotherShardForwardsCountsOnceAndInOrder() {
        LogEntry.Forward first = new LogEntry.Forward(new Position(5, 0), false, "add a".getBytes());
        LogEntry.Forward second = new LogEntry.Forward(new Position(5, 1), false, "add b".getBytes());
        bench.append(new LogEntry.Forwards("spaces", 2, "e", List.of(first, second)));
        bench.append(new LogEntry.Forwards("spaces", 2, "e", List.of(second)));
        bench.append(new LogEntry.Forwards("spaces", 2, "e", List.of(first)));
        bench.append(new LogEntry.Forwards("spaces", 1, "e", List.of(first)));
        bench.append(new LogEntry.Forwards("spaces", 2, "other epoch", List.of(first)));
        assertThat(bench.shard.seen)
                .filteredOn(word -> word.startsWith("add"))
                .containsExactly("add a", "add b", "add a", "add a");
    }

    @Test
    void aBadForwardDoesNotStopTheOnesAfterIt() {
        LogEntry.Forward bad = new LogEntry.Forward(new Position(5, 0), true, new byte[] {99});
        LogEntry.Forward failing = new LogEntry.Forward(new Position(5, 1), false, "fail".getBytes());
        LogEntry.Forward good = MachineBench.forward(6, new SessionEvent.GatewayAttached(44, "g"));
        bench.append(new LogEntry.Forwards("spaces", 2, "e", List.of(bad, failing, good)));
        assertThat(bench.machine.view().isLive(44)).isTrue();
        assertThat(bench.machine.view().failures().malformedCount()).isEqualTo(1);
        assertThat(bench.machine.view().failures().failedCount()).isEqualTo(1);
    }

    @Test
    void effectsHaveRisingPlaces() {
        bench.append(new LogEntry.Commands(List.of(
                MachineBench.command(numbered(1, 1, 0, 1), "forward x"),
                MachineBench.command(numbered(1, 1, 0, 2), "push y"))));
        long offset = bench.nextOffset() - 1;
        assertThat(bench.last.words).hasSize(4);
        assertThat(bench.last.words.get(0)).startsWith("forward " + offset + " ");
        assertThat(bench.last.words.get(1)).startsWith("answer " + offset + ".1 ");
        assertThat(bench.last.words.get(2)).startsWith("push " + offset + ".2 ");
        assertThat(bench.last.words.get(3)).startsWith("answer " + offset + ".3 ");
    }

    @Test
    void aSnapshotWithTooManyOrTooFewBytesIsRefused() {
        byte[] snapshot = bench.machine.snapshot();
        for (int length = 0; length < snapshot.length; length++) {
            byte[] cut = Arrays.copyOf(snapshot, length);
            assertThatThrownBy(() -> ShardMachine.fromSnapshot(new ProbeShard(), cut, Set.of()))
                    .isInstanceOf(MalformedRecordException.class);
        }
        byte[] longer = Arrays.copyOf(snapshot, snapshot.length + 1);
        assertThatThrownBy(() -> ShardMachine.fromSnapshot(new ProbeShard(), longer, Set.of()))
                .isInstanceOf(MalformedRecordException.class);
    }
}
