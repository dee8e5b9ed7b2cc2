package dev.convene.runtime.host.log;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tails any set of partitions with one consumer on one thread. Partitions are assigned, never subscribed to: each begins
 * at the offset that its owner says and goes on for ever, whatever happens to the brokers in between.
 *
 * <p>The thread also runs tasks and turns of the reader's user, so everything that is fed from one reader can be
 * single-threaded. All methods may be called from any thread unless they say otherwise; all calls of handlers, tasks and
 * turns are made by the reader's thread.
 */
public final class LogReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogReader.class);

    /** Longest time without a turn, milliseconds. */
    private static final long TURN_MAX_MS = 100;
    /** After so long tasks make room for records, nanoseconds. */
    private static final long TASKS_NANOS = 500_000;
    /** Pause after an error of the consumer, milliseconds. */
    private static final long ERROR_PAUSE_MS = 100;
    /** An error that lasts is logged this often, milliseconds. */
    private static final long ERROR_LOG_MS = 30_000;
    /** An end offset that could not be had is asked for again after this time, milliseconds. */
    private static final long END_RETRY_MS = 500;

    /**
     * @param fetchMaxWait how long a fetch waits at the broker for enough bytes; a partition that is added may have to
     *     wait for as long
     * @param fetchBytesMin with fewer bytes a fetch waits: 1 for whom somebody waits
     * @param partitionBytesMax bytes of one partition in a fetch
     * @param fetchBytesMax bytes of a fetch
     * @param pollRecordsMax records given out between two looks at tasks and turns
     * @param tasksMax tasks that may wait
     */
    public record Settings(
            Duration fetchMaxWait,
            int fetchBytesMin,
            int partitionBytesMax,
            int fetchBytesMax,
            int pollRecordsMax,
            int tasksMax) {
        /** 100 ms, the first byte, 1 MiB, 16 MiB, 1000 records, 10,000 tasks. */
        public static final Settings DEFAULT = new Settings(Duration.ofMillis(100), 1, 1 << 20, 16 << 20, 1000, 10_000);

        /** The same for a reader that may be a little behind: its fetches wait so long unless there are so many bytes. */
        public Settings inNoHurry(Duration wait, int bytesMin) {
            return new Settings(wait, bytesMin, partitionBytesMax, fetchBytesMax, pollRecordsMax, tasksMax);
        }
    }

    /** Something to be done between two polls. */
    @FunctionalInterface
    public interface Turn {
        /**
         * @param nowMs monotonic time
         * @return in how many milliseconds it wants to be called again, 0 or more; it may be called earlier
         */
        long run(long nowMs);
    }

    private final String name;
    private final Settings settings;
    private final Clocks clocks;
    private final LogAdmin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final ReaderTasks tasks;
    private final Assignment assignment;
    /** Whether the thread waits for records and has to be woken for a task. */
    private final AtomicBoolean asleep = new AtomicBoolean();

    private volatile boolean closed;
    /** Raised by whatever the thread does; read by others to see that it goes on. */
    private final AtomicLong progress = new AtomicLong();

    private final CompletableFuture<Throwable> died = new CompletableFuture<>();
    private long errorLoggedMs = Long.MIN_VALUE / 2;

    /** A reader whose thread runs at once. */
    public LogReader(String name, KafkaAccess access, Settings settings, Clocks clocks, LogAdmin admin) {
        this.name = name;
        this.settings = settings;
        this.clocks = clocks;
        this.admin = admin;
        this.tasks = new ReaderTasks(name);
        this.consumer = new KafkaConsumer<>(
                config(name, access, settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.assignment = new Assignment(name, consumer, this::goesOn);
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
        thread.start();
    }

    static Map<String, Object> config(String name, KafkaAccess access, Settings settings) {
        Map<String, Object> config = access.settings(name);
        config.put("auto.offset.reset", "none");
        config.put("enable.auto.commit", false);
        config.put("allow.auto.create.topics", false);
        config.put("fetch.min.bytes", settings.fetchBytesMin());
        config.put("fetch.max.wait.ms", (int) settings.fetchMaxWait().toMillis());
        config.put("max.partition.fetch.bytes", settings.partitionBytesMax());
        config.put("fetch.max.bytes", settings.fetchBytesMax());
        config.put("max.poll.records", settings.pollRecordsMax());
        config.put("request.timeout.ms", 5000);
        config.put("default.api.timeout.ms", 5000);
        return config;
    }

    /** Reads a partition from this offset on. One that is read already is read from there instead, for this handler. */
    public void add(TopicPartition partition, long offset, RecordHandler handler) {
        post(() -> assignment.add(partition, offset, handler));
    }

    /** Stops reading a partition; its handler gets nothing any longer once this task has run. */
    public void remove(TopicPartition partition) {
        post(() -> assignment.drop(partition));
    }

    /** Reads nothing of the partition until {@link #resume}; some records may still come. */
    public void pause(TopicPartition partition) {
        post(() -> assignment.setPaused(partition, true));
    }

    /** Undoes {@link #pause}. */
    public void resume(TopicPartition partition) {
        post(() -> assignment.setPaused(partition, false));
    }

    /**
     * Completes, on the reader's thread, when everything is given out that stood in the partition when this was called.
     * Waits as long as it takes; cancelled when the partition is removed or the reader closes.
     *
     * @return the end offset as of the call
     */
    public CompletableFuture<Long> caughtUp(TopicPartition partition) {
        CompletableFuture<Long> caughtUp = new CompletableFuture<>();
        askEnd(partition, caughtUp);
        return caughtUp;
    }

    private void askEnd(TopicPartition partition, CompletableFuture<Long> caughtUp) {
        if (closed) {
            caughtUp.cancel(false);
            return;
        }
        admin.end(partition)
                .whenComplete((end, failure) -> post(() -> {
                    if (caughtUp.isDone()) {
                        return;
                    }
                    Tail tail = assignment.find(partition);
                    if (tail == null) {
                        caughtUp.cancel(false);
                    } else if (failure != null) {
                        logError("learn the end of " + partition, LogAdmin.unwrap(failure));
                        tasks.after(clocks.monotonicMs(), END_RETRY_MS, () -> askEnd(partition, caughtUp));
                    } else {
                        tail.await(end, caughtUp);
                        tail.check(consumer);
                    }
                }));
    }

    /**
     * Runs a task on the reader's thread, between two records of any partition.
     *
     * @throws RejectedExecutionException if too many tasks wait or the reader is closed
     */
    public void execute(Runnable task) {
        if (closed || tasks.count() >= settings.tasksMax()) {
            throw new RejectedExecutionException(
                    "reader " + name + (closed ? " is closed" : " has too many tasks waiting"));
        }
        post(task);
    }

    /**
     * Runs a task on the reader's thread, whatever waits already: for the ends of things that are bounded by themselves.
     * After the reader has closed it is not run.
     */
    public void post(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread && asleep.compareAndSet(true, false)) {
            consumer.wakeup();
            LockSupport.unpark(thread);
        }
    }

    /** Runs a task on the reader's thread after this time, milliseconds. */
    public void postAfter(long delayMs, Runnable task) {
        post(() -> tasks.after(clocks.monotonicMs(), delayMs, task));
    }

    /** Has this called between polls, every {@value #TURN_MAX_MS} ms at least. */
    public void addTurn(Turn turn) {
        tasks.addTurn(turn);
        post(() -> {});
    }

    /** Undoes {@link #addTurn}. */
    public void removeTurn(Turn turn) {
        tasks.removeTurn(turn);
    }

    /** Waits until every turn has been called once more, up to this time. Not for the reader's own thread. */
    public void flushTurns(Duration timeout) {
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        // The task runs before the turns of its round, the delayed one in a later round.
        postAfter(timeout.toMillis() / 3, () -> flushed.complete(null));
        try {
            flushed.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            log.debug("Reader {} did not come to its turns in time", name);
        }
    }

    /** Whether the calling thread is the reader's. */
    public boolean isReaderThread() {
        return Thread.currentThread() == thread;
    }

    /** A number that is another one whenever the thread has done something; an idle thread comes round every 100 ms. */
    public long progress() {
        return progress.get();
    }

    /** The error that has ended the thread; null while it runs, and when it was closed. */
    public @Nullable Throwable failure() {
        return died.getNow(null);
    }

    /** Completes with the error that ends the thread, on that thread; never if it is closed. */
    public CompletableFuture<Throwable> died() {
        return died.copy();
    }

    /** Where the thread is, for people who ask why it stands still. */
    public String whereabouts() {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 ? "nowhere, it has ended" : stack[0] + (stack.length > 1 ? " from " + stack[1] : "");
    }

    private void goesOn() {
        // Written by this thread only.
        progress.setRelease(progress.getPlain() + 1);
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    goesOn();
                    round();
                } catch (RuntimeException e) {
                    log.error("Reader {}: a round failed", name, e);
                    LockSupport.parkNanos(ERROR_PAUSE_MS * 1_000_000L);
                }
            }
        } catch (Error e) {
            // Nothing is known of what this thread was in the middle of: it goes no further, and others hear of it
            // first.
            died.complete(e);
            log.error("Reader {} has ENDED by an error", name, e);
        } finally {
            closed = true;
            assignment.cancel();
            closeConsumer();
        }
    }

    private void round() {
        tasks.run(clocks.nanos(), TASKS_NANOS);
        long waitMs = tasks.turn(clocks.monotonicMs(), TURN_MAX_MS);
        // Who adds a task after this look wakes the thread; who adds one before does not interrupt the reading.
        asleep.set(true);
        boolean idle = tasks.isEmpty();
        if (!idle) {
            asleep.set(false);
        }
        if (!assignment.isEmpty()) {
            poll(idle ? waitMs : 0);
        } else if (idle && !closed) {
            LockSupport.parkNanos(waitMs * 1_000_000L);
        }
        asleep.set(false);
    }

    private void closeConsumer() {
        try {
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofMillis(500)));
        } catch (KafkaException e) {
            log.info("Reader {} did not close in order: {}", name, e.getMessage());
        }
    }

    private void poll(long waitMs) {
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(Duration.ofMillis(waitMs));
        } catch (WakeupException _) {
            return;
        } catch (OffsetOutOfRangeException e) {
            assignment.outOfRange(e.offsetOutOfRangePartitions());
            return;
        } catch (KafkaException e) {
            logError("poll", e);
            LockSupport.parkNanos(ERROR_PAUSE_MS * 1_000_000L);
            return;
        }
        assignment.give(records);
    }

    private void logError(String what, Throwable failure) {
        long now = clocks.monotonicMs();
        if (now - errorLoggedMs >= ERROR_LOG_MS) {
            errorLoggedMs = now;
            log.warn("Reader {} cannot {} and tries on: {}", name, what, failure.toString());
        }
    }

    /** Stops the thread and closes the consumer, within two seconds unless a handler blocks. */
    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        LockSupport.unpark(thread);
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            if (!thread.join(Duration.ofSeconds(2))) {
                log.warn("Reader {} did not end in time", name);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
