package dev.convene.runtime.host;

import dev.convene.runtime.Shard;
import dev.convene.runtime.host.log.LogEpoch;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.machine.ShardMachine;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A shard's machine that only reads: a gateway runs it for a partition of the group log and uses the effects that concern
 * its own sessions. It never appends anything.
 *
 * @param <C> the shard's commands
 */
public final class ReaderShard<C> implements AutoCloseable {
    private final Instance instance;
    private final LogReader reader;
    private final String logName;
    private final int partition;
    private final ShardTail<C> tail;

    /**
     * @param reader its thread runs the machine; may serve other partitions too
     * @param shards makes an empty shard; called again when the machine is opened again
     * @param listener called by the reader's thread
     */
    public ReaderShard(
            Instance instance,
            LogReader reader,
            String logName,
            int partition,
            Supplier<? extends Shard<C>> shards,
            TailListener<C> listener) {
        this.instance = instance;
        this.reader = reader;
        this.logName = logName;
        this.partition = partition;
        this.tail = new ShardTail<>(instance, reader, logName, partition, shards, listener);
    }

    /** Opens the machine from the newest snapshot and follows the log; {@link TailListener#caughtUp} tells when it is up. */
    public void start() {
        tail.start();
    }

    /** The log's epoch. Blocks the first time. */
    public LogEpoch epoch() {
        return instance.epoch(logName);
    }

    /** The log. */
    public String log() {
        return logName;
    }

    /** The partition. */
    public int partition() {
        return partition;
    }

    /** The machine, for the reader's thread only; null while none is open (at the start, after a halt). */
    public @Nullable ShardMachine<C> machine() {
        return tail.machine();
    }

    /** Offsets that this reader had to pass over, for {@link ReplayPass}. For the reader's thread only. */
    public Set<Long> skipped() {
        return tail.skipped();
    }

    /** Reads something on the reader's thread; fails with {@link IllegalStateException} while no machine is open. */
    public <T> CompletableFuture<T> inspect(Function<ShardMachine<C>, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        reader.execute(() -> {
            ShardMachine<C> machine = tail.machine();
            if (machine == null) {
                answer.completeExceptionally(new IllegalStateException(tail.partition() + " is not open"));
                return;
            }
            try {
                answer.complete(question.apply(machine));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** As {@link #inspect}, when everything is applied that stood in the log at the time of the call. */
    public <T> CompletableFuture<T> inspectAsOfNow(Function<ShardMachine<C>, T> question) {
        return tail.appliedAsOfNow().thenCompose(end -> inspect(question));
    }

    /** Completes when everything is applied that stood in the log at the time of the call. */
    public CompletableFuture<Long> caughtUp() {
        return tail.appliedAsOfNow();
    }

    /** Stops reading; the reader stays. */
    @Override
    public void close() {
        reader.post(tail::close);
    }
}
