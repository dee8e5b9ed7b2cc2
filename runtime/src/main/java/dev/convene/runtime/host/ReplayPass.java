package dev.convene.runtime.host;

import dev.convene.protocol.Position;
import dev.convene.runtime.Shard;
import dev.convene.runtime.host.log.LogConsumer;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.HaltedException;
import dev.convene.runtime.machine.ShardMachine;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a machine once more over a stretch of its log, with a consumer and a thread of its own: from the newest snapshot at
 * or below the lowest position that is asked for, up to the highest end. One pass serves any number of requests. Its
 * listener gets every effect from the snapshot on and gives each requester what is above its position.
 *
 * @param <C> the shard's commands
 */
public final class ReplayPass<C> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReplayPass.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** A pass that meets more records at which shards have halted is given up. */
    private static final int SKIPS_MAX = 100;

    /** How a request ended. */
    public enum Outcome {
        /** Everything below its end was applied. */
        COMPLETE,
        /** The log or the snapshots do not reach back to its position. */
        GONE,
        /** It took more records or time than allowed. */
        TOO_LONG,
        /** The machine halted on the way. */
        HALTED,
        /** Something went wrong here that should not. */
        FAILED,
        /** The pass was closed. */
        CANCELLED,
        /** The broker could not be reached. */
        UNAVAILABLE
    }

    /**
     * Somebody who needs a stretch.
     *
     * @param above the position up to which it has everything
     * @param end the offset before which the stretch ends, exactly; where the live stream is joined
     * @param ended completes on the pass's thread when the machine's next offset is {@code end}, before any later record
     *     is applied; never exceptionally
     */
    public record Request(Position above, long end, CompletableFuture<Outcome> ended) {
        public static Request of(Position above, long end) {
            return new Request(above, end, new CompletableFuture<>());
        }
    }

    /** Gets what the pass applies, on the pass's thread. */
    public interface Listener<C> {
        /** Takes the effects of the next record. */
        EffectSink sink();

        /** The machine stands at its snapshot. */
        default void opened(ShardMachine<C> machine) {}

        /** A record is about to be applied. */
        default void applying(LogRecord record) {}

        /** A record was applied. */
        default void applied(LogRecord record) {}

        /**
         * The machine halted at this record and an operator has decided to pass over it: a new machine goes from the
         * snapshot up to it again, and what its shard tells until {@link #applying} is called was told before. What the
         * record had told until it failed does not count.
         */
        default void again(long offset) {}
    }

    /**
     * What a pass may take.
     *
     * @param recordsMax records, those between the snapshot and the first position included
     * @param timeMax time
     */
    public record Bounds(long recordsMax, Duration timeMax) {
        /** 5,000,000 records, 60 s. */
        public static final Bounds DEFAULT = new Bounds(5_000_000, Duration.ofSeconds(60));
    }

    private final MachineLoader<C> loader;
    private final Instance instance;
    private final Bounds bounds;
    private final Listener<C> listener;
    /** Used by the pass's thread only. */
    private final Set<Long> skipped;

    private final PriorityQueue<Request> open = new PriorityQueue<>(Comparator.comparingLong(Request::end));
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable LogConsumer consumer;

    private ReplayPass(
            Instance instance,
            String logName,
            int partition,
            Supplier<? extends Shard<C>> shards,
            Set<Long> skipped,
            List<Request> requests,
            Listener<C> listener,
            Bounds bounds) {
        this.instance = instance;
        this.loader = new MachineLoader<>(instance, logName, partition, shards);
        this.skipped = new TreeSet<>(skipped);
        this.listener = listener;
        this.bounds = bounds;
        this.open.addAll(requests);
        this.thread = Thread.ofPlatform()
                .name("replay-" + loader.partition())
                .daemon()
                .unstarted(this::run);
    }

    /**
     * Starts a pass.
     *
     * @param shards makes the empty shard
     * @param skipped offsets to pass over, see {@link ReaderShard#skipped()}
     * @param requests at least one
     * @throws IllegalArgumentException if there is no request
     */
    public static <C> ReplayPass<C> start(
            Instance instance,
            String logName,
            int partition,
            Supplier<? extends Shard<C>> shards,
            Set<Long> skipped,
            List<Request> requests,
            Listener<C> listener,
            Bounds bounds) {
        if (requests.isEmpty()) {
            throw new IllegalArgumentException("a pass has at least one request");
        }
        ReplayPass<C> pass =
                new ReplayPass<>(instance, logName, partition, shards, skipped, requests, listener, bounds);
        pass.thread.start();
        return pass;
    }

    private void run() {
        Outcome outcome;
        try {
            outcome = pass();
        } catch (WakeupException _) {
            outcome = Outcome.CANCELLED;
        } catch (PositionGoneException | OffsetOutOfRangeException e) {
            log.info("A pass over {} cannot begin: {}", loader.partition(), e.getMessage());
            outcome = Outcome.GONE;
        } catch (HaltedException e) {
            log.warn("A pass over {} halted: {}", loader.partition(), e.getMessage());
            outcome = Outcome.HALTED;
        } catch (KafkaException e) {
            log.warn("A pass over {} failed: {}", loader.partition(), e.getMessage());
            outcome = Outcome.UNAVAILABLE;
        } catch (RuntimeException | Error e) {
            log.error("A pass over {} failed", loader.partition(), e);
            outcome = Outcome.FAILED;
        }
        Outcome rest = closed ? Outcome.CANCELLED : outcome;
        open.forEach(request -> request.ended.complete(rest));
        open.clear();
    }

    private Outcome pass() {
        Limits limits = new Limits(bounds.recordsMax, instance.clocks().monotonicMs() + bounds.timeMax.toMillis());
        long heardUpTo = -1;
        while (true) {
            try {
                return pass(limits, heardUpTo);
            } catch (HaltedException e) {
                long at = e.offset();
                boolean passedOver = skipped.size() < SKIPS_MAX
                        && new SkipSearch(instance, loader.partition())
                                .isSkipped(
                                        at,
                                        () -> closed
                                                || limits.areReached(
                                                        instance.clocks().monotonicMs()));
                if (!passedOver) {
                    throw e;
                }
                log.info(
                        "A pass over {} begins again: an operator has decided to pass over {}", loader.partition(), at);
                skipped.add(at);
                heardUpTo = at;
                listener.again(at);
            }
        }
    }

    /** How much is left of what the pass may take. */
    private static final class Limits {
        private final long deadlineMs;
        private long recordsLeft;

        Limits(long records, long deadlineMs) {
            this.recordsLeft = records;
            this.deadlineMs = deadlineMs;
        }

        void countRecord() {
            recordsLeft--;
        }

        boolean areReached(long nowMs) {
            return recordsLeft < 0 || nowMs > deadlineMs;
        }
    }

    /** @param heardUpTo what the listener has heard already; it is applied without a word */
    private Outcome pass(Limits limits, long heardUpTo) {
        // Everything up to "above" is there already, so the record after it is the first that is needed; its own record
        // is needed too if it has more effects.
        long from = open.stream()
                .mapToLong(r -> Math.max(0, r.above.offset()))
                .min()
                .orElse(0);
        ShardMachine<C> machine = loader.open(from, skipped).machine();
        listener.opened(machine);
        endThoseBelow(machine.view().nextOffset());
        if (open.isEmpty()) {
            return Outcome.COMPLETE;
        }
        try (LogConsumer reading = new LogConsumer(
                "replay",
                instance.settings().kafka(),
                loader.partition(),
                machine.view().nextOffset())) {
            consumer = reading;
            while (!open.isEmpty()) {
                if (closed) {
                    return Outcome.CANCELLED;
                }
                if (limits.areReached(instance.clocks().monotonicMs())) {
                    return Outcome.TOO_LONG;
                }
                ConsumerRecords<byte[], byte[]> polled = reading.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    endThoseBelow(record.offset());
                    if (open.isEmpty()) {
                        return Outcome.COMPLETE;
                    }
                    apply(machine, LogRecord.of(record), heardUpTo);
                    limits.countRecord();
                    endThoseBelow(machine.view().nextOffset());
                }
                endThoseBelow(reading.position());
            }
        } finally {
            consumer = null;
        }
        return Outcome.COMPLETE;
    }

    private void apply(ShardMachine<C> machine, LogRecord record, long heardUpTo) {
        if (record.offset() <= heardUpTo) {
            machine.apply(record.offset(), record.header(), record.value(), EffectSink.NONE);
            return;
        }
        listener.applying(record);
        machine.apply(record.offset(), record.header(), record.value(), listener.sink());
        listener.applied(record);
    }

    private void endThoseBelow(long next) {
        for (Request first = open.peek(); first != null && first.end <= next; first = open.peek()) {
            open.poll();
            first.ended.complete(Outcome.COMPLETE);
        }
    }

    /** Cancels what has not ended yet; returns at once. */
    @Override
    public void close() {
        closed = true;
        LogConsumer reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
    }
}
