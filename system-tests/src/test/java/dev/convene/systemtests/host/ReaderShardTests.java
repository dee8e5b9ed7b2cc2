package dev.convene.systemtests.host;

import static dev.convene.systemtests.host.HostedLog.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.host.ReaderShard;
import dev.convene.runtime.host.ReplayPass;
import dev.convene.runtime.host.TailListener;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.snapshot.Manifest;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.systemtests.host.CounterShard.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReaderShardTests extends CounterLogContract {
    private HostedLog.Member<CounterShard.Command> owner;
    private TestGateway gateway;
    private LogReader reader;

    @BeforeEach
    void start() {
        owner = log.member("one");
        owner.awaitOwner();
        gateway = log.gateway("gateway");
        reader = gateway.instance().newReader("tail");
    }

    @AfterEach
    void close() {
        reader.close();
    }

    @Test
    void derivesTheSameAnswersAsTheOwner() {
        Recorder recorder = new Recorder();
        ReaderShard<Command> shard = open(recorder);
        TestGateway.within(recorder.caughtUp);

        addMany(100);

        HostedLog.assertSame(() -> digestAt(shard), () -> owner.digestAt(0));
        assertThat(recorder.answers).hasSizeGreaterThanOrEqualTo(100);
    }

    @Test
    void loadsANewerSnapshotWhenTheLogHasGoneOnWithoutIt() {
        Recorder recorder = new Recorder();
        ReaderShard<Command> shard = open(recorder);
        TestGateway.within(recorder.caughtUp);
        TopicPartition partition = new TopicPartition(log.topic(), 0);
        long position =
                TestGateway.within(shard.inspect(machine -> machine.view().nextOffset()));
        reader.pause(partition);

        // Some records may still come after the pause: more than one round, so that the log begins above all of them.
        await().atMost(PATIENCE).until(() -> {
            addMany(300);
            return owner.instance().admin().begin(partition).join() > position + 600;
        });
        reader.resume(partition);

        HostedLog.assertSame(() -> digestAt(shard), () -> owner.digestAt(0));
        assertThat(recorder.opened).hasSize(2).last().asString().contains("out of range");
    }

    @Test
    void replaysExactlyUpToAnOffset() {
        awaitTwoSnapshots();
        Manifest oldest = manifests().getLast();
        addMany(100);
        long end =
                owner.instance().admin().end(new TopicPartition(log.topic(), 0)).join();
        Recorder recorder = new Recorder();
        List<Long> offsets = new ArrayList<>();
        List<Long> atEarlyEnd = new ArrayList<>();

        ReplayPass.Request early = ReplayPass.Request.of(Position.of(oldest.position() + 10), oldest.position() + 20);
        ReplayPass.Request late = ReplayPass.Request.of(Position.of(oldest.position() + 5), end);
        early.ended().thenRun(() -> atEarlyEnd.add(offsets.getLast()));
        ReplayPass.Listener<Command> listener = new ReplayPass.Listener<>() {
            @Override
            public EffectSink sink() {
                return recorder.sink();
            }

            @Override
            public void applied(dev.convene.runtime.host.log.LogRecord record) {
                offsets.add(record.offset());
            }
        };
        ReplayPass.start(
                gateway.instance(),
                log.name(),
                0,
                () -> new CounterShard(log.name()),
                Set.of(),
                List.of(early, late),
                listener,
                ReplayPass.Bounds.DEFAULT);

        assertThat(TestGateway.within(late.ended())).isEqualTo(ReplayPass.Outcome.COMPLETE);
        assertThat(early.ended()).isCompletedWithValue(ReplayPass.Outcome.COMPLETE);
        assertThat(offsets.getFirst()).isBetween(oldest.position(), oldest.position() + 5);
        assertThat(offsets.getLast()).isEqualTo(end - 1);
        assertThat(atEarlyEnd).containsExactly(oldest.position() + 19);
    }

    @Test
    void saysThatAPositionIsGone() {
        await().atMost(PATIENCE).until(() -> {
            addMany(300);
            return owner.instance()
                            .admin()
                            .begin(new TopicPartition(log.topic(), 0))
                            .join()
                    > 100;
        });
        ReplayPass.Request request = ReplayPass.Request.of(Position.of(5), 50);

        ReplayPass.start(
                gateway.instance(),
                log.name(),
                0,
                () -> new CounterShard(log.name()),
                Set.of(),
                List.of(request),
                () -> EffectSink.NONE,
                ReplayPass.Bounds.DEFAULT);

        assertThat(TestGateway.within(request.ended())).isEqualTo(ReplayPass.Outcome.GONE);
    }

    @Test
    void fallsBackToTheSnapshotBeforeWhenOneIsDamaged() {
        awaitTwoSnapshots();
        Manifest good = manifests().getFirst();
        Manifest damaged = new Manifest(
                good.log(),
                good.partition(),
                good.epoch(),
                good.position() + 1,
                good.behaviour(),
                "00",
                good.sizeBytes(),
                good.takenMs(),
                0,
                good.chunks());
        owner.instance().snapshots().publish(damaged).join();
        await().atMost(PATIENCE)
                .until(() -> gateway.instance()
                        .snapshots()
                        .manifests(log.name(), 0, owner.instance().epoch(log.name()))
                        .contains(damaged));

        Recorder recorder = new Recorder();
        ReaderShard<Command> shard = open(recorder);
        TestGateway.within(recorder.caughtUp);

        HostedLog.assertSame(() -> digestAt(shard), () -> owner.digestAt(0));
    }

    private ReaderShard<Command> open(Recorder recorder) {
        ReaderShard<Command> shard = new ReaderShard<>(
                gateway.instance(), reader, log.name(), 0, () -> new CounterShard(log.name()), recorder);
        shard.start();
        return shard;
    }

    private static HostedLog.Digest digestAt(ReaderShard<Command> shard) {
        return TestGateway.within(shard.inspectAsOfNow(HostedLog.Digest::of));
    }

    private void awaitTwoSnapshots() {
        await().atMost(PATIENCE).until(() -> {
            addMany(250);
            return manifests().size() >= 2;
        });
    }

    private void addMany(int count) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(gateway.ask(0, new Command.Add("a", 1)));
        }
        answers.forEach(TestGateway::within);
    }

    private List<Manifest> manifests() {
        return owner.instance()
                .snapshots()
                .manifests(log.name(), 0, owner.instance().epoch(log.name()));
    }

    /** Remembers what a machine gives. */
    private static final class Recorder implements TailListener<Command>, EffectSink {
        final List<Position> answers = new CopyOnWriteArrayList<>();
        final List<String> opened = new CopyOnWriteArrayList<>();
        final CompletableFuture<Long> caughtUp = new CompletableFuture<>();

        @Override
        public EffectSink sink() {
            return this;
        }

        @Override
        public void opened(ShardMachine<Command> machine, String why) {
            opened.add(why);
        }

        @Override
        public void caughtUp(long end) {
            caughtUp.complete(end);
        }

        @Override
        public void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer) {
            answers.add(id);
        }

        @Override
        public void push(Position id, long incarnation, long requester, byte[] body) {}

        @Override
        public void forward(Position id, String toLog, int partition, byte[] command) {}

        @Override
        public void tell(Position id, String toLog, int partition, SessionEvent event) {}
    }
}
