package dev.convene.runtime.host;

import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.Shard;
import dev.convene.runtime.host.TailListener.Halt;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.host.log.RecordHandler;
import dev.convene.runtime.machine.HaltedException;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One machine that follows one partition: opened from a snapshot, opened again when the log has gone on without it, and,
 * when it has halted, watching for the operator's record that lets it pass. Everything but {@link #start} belongs to the
 * reader's thread; snapshots are read on threads of their own.
 *
 * @param <C> the shard's commands
 */
final class ShardTail<C> implements RecordHandler {
    /** Somebody who waits until everything below an offset is applied. */
    private record Waiting(long end, CompletableFuture<Long> applied) {}

    private static final Logger log = LoggerFactory.getLogger(ShardTail.class);
    private static final long RETRY_MS = 500;
    /** Failures to open that last are logged this often. */
    private static final int LOG_EVERY = 60;

    private final LogAdmin admin;
    private final LogReader reader;
    private final TailListener<C> listener;
    private final MachineLoader<C> loader;
    private final TopicPartition partition;
    private final int behaviourMax;
    private final Set<Long> skipped = new TreeSet<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private @Nullable ShardMachine<C> machine;
    private @Nullable Halt halt;
    private boolean closed;
    private int failures;

    ShardTail(
            Instance instance,
            LogReader reader,
            String logName,
            int partition,
            Supplier<? extends Shard<C>> shards,
            TailListener<C> listener) {
        this.admin = instance.admin();
        this.reader = reader;
        this.listener = listener;
        this.loader = new MachineLoader<>(instance, logName, partition, shards);
        this.partition = loader.partition();
        this.behaviourMax = shards.get().behaviourMax();
    }

    void start() {
        reader.post(() -> open("start"));
    }

    TopicPartition partition() {
        return partition;
    }

    /** The machine; null while none is open, and after a halt. */
    @Nullable ShardMachine<C> machine() {
        return machine;
    }

    @Nullable Halt halt() {
        return halt;
    }

    /** Offsets that operators have decided to pass over, as far as this tail had to know. */
    Set<Long> skipped() {
        return Set.copyOf(skipped);
    }

    /**
     * Completes, on the reader's thread, when everything is applied that stands in the log now, whatever happens to the
     * machine in between; fails with {@link IllegalStateException} when it halts or this closes. Any thread.
     *
     * @return the end offset as of the call
     */
    CompletableFuture<Long> appliedAsOfNow() {
        CompletableFuture<Long> applied = new CompletableFuture<>();
        admin.end(partition)
                .whenComplete((end, failure) -> reader.post(() -> {
                    if (failure != null) {
                        applied.completeExceptionally(failure);
                    } else if (closed || halt != null) {
                        applied.completeExceptionally(notRunning());
                    } else {
                        waiting.add(new Waiting(end, applied));
                        completeWaiting();
                    }
                }));
        return applied;
    }

    private IllegalStateException notRunning() {
        return new IllegalStateException(partition + (closed ? " is closed" : " has halted"));
    }

    private void completeWaiting() {
        ShardMachine<C> present = machine;
        if (present == null || waiting.isEmpty()) {
            return;
        }
        long next = present.view().nextOffset();
        List<Waiting> done = waiting.stream().filter(w -> w.end <= next).toList();
        waiting.removeAll(done);
        done.forEach(w -> w.applied.complete(w.end));
    }

    private void failWaiting() {
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(w -> w.applied.completeExceptionally(notRunning()));
    }

    void close() {
        closed = true;
        machine = null;
        reader.remove(partition);
        failWaiting();
    }

    private void open(String why) {
        if (closed) {
            return;
        }
        machine = null;
        Set<Long> passedOver = Set.copyOf(skipped);
        // Not a virtual one: a large snapshot keeps a core busy for seconds.
        Thread.ofPlatform().daemon().name("open-" + partition).start(() -> {
            try {
                MachineLoader.Opened<C> opened = loader.open(Long.MAX_VALUE, passedOver);
                reader.post(() -> begin(opened, why));
            } catch (PositionGoneException e) {
                reader.post(() -> {
                    listener.unavailable(String.valueOf(e.getMessage()));
                    retry(why, e);
                });
            } catch (RuntimeException e) {
                reader.post(() -> retry(why, e));
            }
        });
    }

    private void retry(String why, RuntimeException failure) {
        if (failures++ % LOG_EVERY == 0) {
            if (failure instanceof KafkaException || failure instanceof PositionGoneException) {
                log.warn("{} cannot be opened ({}), trying on: {}", partition, why, failure.getMessage());
            } else {
                log.error("{} cannot be opened ({}), trying on", partition, why, failure);
            }
        }
        reader.postAfter(RETRY_MS, () -> open(why));
    }

    private void begin(MachineLoader.Opened<C> opened, String why) {
        if (closed) {
            return;
        }
        failures = 0;
        halt = null;
        machine = opened.machine();
        long from = opened.machine().view().nextOffset();
        log.info(
                "{} opened at {} from {} ({})",
                partition,
                from,
                opened.manifest() == null
                        ? "the start of the log"
                        : "snapshot " + opened.manifest() + " in " + opened.tookMs() + " ms",
                why);
        reader.add(partition, from, this);
        listener.opened(opened.machine(), why);
        ShardMachine<C> opening = opened.machine();
        reader.caughtUp(partition).thenAccept(end -> {
            if (machine == opening) {
                listener.caughtUp(end);
                completeWaiting();
            }
        });
    }

    @Override
    public void record(LogRecord record) {
        if (halt != null) {
            watchForSkip(record, halt);
            return;
        }
        ShardMachine<C> present = machine;
        if (present == null || closed) {
            return;
        }
        listener.applying(record);
        try {
            present.apply(record.offset(), record.header(), record.value(), listener.sink());
        } catch (HaltedException e) {
            halted(new Halt(e.offset(), isUnknownBehaviour(record), describe(e)), e);
            return;
        }
        listener.applied(record);
    }

    @Override
    public void batchEnded() {
        if (machine != null && halt == null && !closed) {
            listener.batchEnded();
            completeWaiting();
        }
    }

    private void halted(Halt why, Throwable cause) {
        halt = why;
        machine = null;
        log.error(
                "{} HALTED at offset {}: {}. {}",
                partition,
                why.offset(),
                why.what(),
                why.unknownBehaviour()
                        ? "Start a newer version of this service."
                        : "Find out why. ./convene ops skip passes over this record, see docs/operations.md.",
                cause);
        listener.halted(why);
        failWaiting();
    }

    private static String describe(HaltedException e) {
        Throwable cause = e.getCause();
        return e.getMessage() + (cause == null ? "" : ": " + cause);
    }

    private boolean isUnknownBehaviour(LogRecord record) {
        byte[] value = record.value();
        return value != null
                && record.header() == null
                && LogEntry.read(null, value) instanceof LogEntry.Behaviour behaviour
                && behaviour.version() > behaviourMax;
    }

    private void watchForSkip(LogRecord record, Halt at) {
        if (SkipSearch.skips(record.source(), at.offset())) {
            log.warn("{} passes over offset {}, as the record at {} says", partition, at.offset(), record.offset());
            skipped.add(at.offset());
            listener.skipped(at.offset());
            reader.remove(partition);
            open("skip of " + at.offset());
        }
    }

    @Override
    public void outOfRange(long position) {
        log.warn("{} does not have offset {}: loading a newer snapshot", partition, position);
        open("out of range at " + position);
    }

    @Override
    public boolean failed(Throwable failure) {
        if (closed) {
            return false;
        }
        ShardMachine<C> failed = machine;
        if (failed == null) {
            open("failure of a handler");
            return false;
        }
        long at = failed.view().nextOffset();
        halted(new Halt(at, false, failure.toString()), failure);
        // From there on, to look for the operator's decision.
        reader.add(partition, at + 1, this);
        return false;
    }
}
