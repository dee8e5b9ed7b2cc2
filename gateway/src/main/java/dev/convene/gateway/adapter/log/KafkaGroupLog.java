package dev.convene.gateway.adapter.log;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.log.Logs;
import dev.convene.group.GroupShard;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.ReaderShard;
import dev.convene.runtime.host.ReplayPass;
import dev.convene.runtime.host.TailListener;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogEpoch;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.snapshot.Manifest;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group log's topic, read by one consumer on one thread; replays have consumers of their own. */
public final class KafkaGroupLog implements GroupLog, AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(KafkaGroupLog.class);
    /** A client waits for the answer: below the time after which it is told that the log is away. */
    private static final Duration QUESTION_LIMIT = Duration.ofMillis(1500);

    private final Instance instance;
    private final LogReader reader;
    private final LogEpoch epoch;
    private final LogAdmin admin;
    /** For the reader's thread. */
    private final Map<Integer, ReaderShard<GroupCommand>> shards = new HashMap<>();

    /** Blocks until the log's epoch is known, up to half a minute. */
    public KafkaGroupLog(Instance instance) {
        this.instance = instance;
        this.reader = instance.newReader("groups");
        this.epoch = instance.epoch(Logs.GROUPS);
        this.admin = instance.admin().within(QUESTION_LIMIT);
    }

    @Override
    public String epoch() {
        return epoch.text();
    }

    @Override
    public int partitions() {
        return instance.partitions(Topics.ofLog(Logs.GROUPS));
    }

    @Override
    public void follow(int partition, Follower follower) {
        ReaderShard<GroupCommand> shard = new ReaderShard<>(
                instance,
                reader,
                Logs.GROUPS,
                partition,
                () -> new GroupShard(follower.listener()),
                new Following(partition, follower, new FollowerSink(follower)));
        shards.put(partition, shard);
        shard.start();
    }

    @Override
    public void leave(int partition) {
        ReaderShard<GroupCommand> shard = shards.remove(partition);
        if (shard != null) {
            shard.close();
        }
    }

    @Override
    public void execute(Runnable task) {
        reader.post(task);
    }

    private static TopicPartition topicPartition(int partition) {
        return new TopicPartition(Topics.ofLog(Logs.GROUPS), partition);
    }

    @Override
    public CompletableFuture<Long> oldest(int partition) {
        return admin.begin(topicPartition(partition))
                .thenApply(begin -> begin == 0 ? Long.valueOf(0) : oldestSnapshot(partition, begin))
                .exceptionallyCompose(e -> unavailable("learn where the log begins", e));
    }

    private Long oldestSnapshot(int partition, long begin) {
        long oldest = Long.MAX_VALUE;
        for (Manifest manifest : instance.snapshots().manifests(Logs.GROUPS, partition, epoch)) {
            if (manifest.position() >= begin) {
                oldest = Math.min(oldest, manifest.position());
            }
        }
        return oldest;
    }

    @Override
    public CompletableFuture<Long> offsetAt(int partition, long wallMs) {
        return admin.offsetAt(topicPartition(partition), wallMs)
                .thenCompose(offset ->
                        offset >= 0 ? CompletableFuture.completedFuture(offset) : admin.end(topicPartition(partition)))
                .exceptionallyCompose(e -> unavailable("look up a moment", e));
    }

    private static <T> CompletableFuture<T> unavailable(String what, Throwable e) {
        logger.info("Could not {}: {}", what, e.getMessage());
        return CompletableFuture.failedFuture(new ConveneException(ErrorCode.UNAVAILABLE));
    }

    @Override
    public CompletableFuture<Void> replay(int partition, long from, long to, Replay replay) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        reader.post(() -> {
            ReaderShard<GroupCommand> shard = shards.get(partition);
            start(partition, from, to, replay, shard == null ? Set.of() : shard.skipped(), result);
        });
        return result;
    }

    private void start(
            int partition, long from, long to, Replay replay, Set<Long> skipped, CompletableFuture<Void> result) {
        ReplayPass.Request request = ReplayPass.Request.of(Position.of(from), to);
        Passing passing = new Passing(replay);
        request.ended().thenAccept(outcome -> {
            boolean enough = outcome == ReplayPass.Outcome.CANCELLED && replay.isEnough();
            if (enough || outcome == ReplayPass.Outcome.COMPLETE) {
                result.complete(null);
            } else {
                result.completeExceptionally(failureOf(outcome));
            }
        });
        passing.pass.set(ReplayPass.start(
                instance,
                Logs.GROUPS,
                partition,
                () -> new GroupShard(passing.listener),
                skipped,
                List.of(request),
                passing,
                ReplayPass.Bounds.DEFAULT));
    }

    static ConveneException failureOf(ReplayPass.Outcome outcome) {
        return switch (outcome) {
            case COMPLETE, FAILED -> new ConveneException(ErrorCode.INTERNAL);
            case GONE -> new ConveneException(ErrorCode.NOT_RECOVERED);
            case TOO_LONG ->
                new ConveneException(
                        ErrorCode.TIMED_OUT,
                        null,
                        "too much of the log had to be read; ask for what came after a later position or time");
            case HALTED -> new ConveneException(ErrorCode.SHARD_HALTED);
            case CANCELLED -> new ConveneException(ErrorCode.SHUTTING_DOWN);
            case UNAVAILABLE -> new ConveneException(ErrorCode.UNAVAILABLE);
        };
    }

    private static final class Passing implements ReplayPass.Listener<GroupCommand> {
        /** How long a pass waits for readers, 1 s, and up to which age, 20 s; it may take a minute in all. */
        private static final long WAIT_MAX_NANOS = 1_000_000_000L;

        private static final long WAITING_MAX_NANOS = 20 * WAIT_MAX_NANOS;
        private static final long WAIT_STEP_NANOS = 1_000_000L;

        private final Replay replay;
        private final QuietListener listener;
        private final AtomicReference<@Nullable ReplayPass<GroupCommand>> pass = new AtomicReference<>();
        private final long startNanos = System.nanoTime();

        Passing(Replay replay) {
            this.replay = replay;
            this.listener = new QuietListener(replay);
        }

        @Override
        public EffectSink sink() {
            return EffectSink.NONE;
        }

        @Override
        public void again(long offset) {
            listener.quiet(true);
        }

        @Override
        public void applying(LogRecord record) {
            await();
            listener.quiet(false);
            replay.beginRecord(record.offset(), record.timestampMs());
        }

        /** Readers that take something are worth keeping the machine where it is; beginning again costs a snapshot. */
        private void await() {
            long sinceNanos = System.nanoTime();
            while (replay.isFull() && !replay.isEnough()) {
                long now = System.nanoTime();
                if (now - sinceNanos > WAIT_MAX_NANOS || now - startNanos > WAITING_MAX_NANOS) {
                    replay.giveUp();
                } else {
                    LockSupport.parkNanos(WAIT_STEP_NANOS);
                }
            }
        }

        @Override
        public void applied(LogRecord record) {
            ReplayPass<GroupCommand> running = pass.get();
            if (running != null && replay.isEnough()) {
                running.close();
            }
        }
    }

    private record Following(int partition, Follower follower, EffectSink sink) implements TailListener<GroupCommand> {
        @Override
        public void opened(ShardMachine<GroupCommand> machine, String why) {
            if (machine.shard() instanceof GroupShard shard) {
                follower.started(shard, new MachineState(machine.view()));
            }
        }

        @Override
        public void batchEnded() {
            follower.batchEnded();
        }

        @Override
        public void caughtUp(long end) {
            follower.caughtUp();
        }

        @Override
        public void halted(Halt halt) {
            follower.halted(halt.offset(), new IllegalStateException(halt.what()));
        }

        @Override
        public void unavailable(String why) {
            logger.warn("Partition {} of the group log cannot be read at present: {}", partition, why);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
