package dev.convene.runtime.host.beat;

import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.HandlerFailures;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.host.log.LogWriter;
import dev.convene.runtime.host.log.RecordHandler;
import dev.convene.runtime.host.log.Topics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes this instance's beat and reads everyone's. Uses a reader and a writer of the instance's own for such things,
 * so that no shard's work delays them. Thread-safe.
 */
public final class Beats {
    private static final Logger log = LoggerFactory.getLogger(Beats.class);

    /** How often instances beat, milliseconds. */
    public static final long INTERVAL_MS = 500;
    /** Beats of the past that are read at the start: enough for some seconds of a large cluster. */
    private static final long PAST_MAX = 2000;
    /** A beat out of turn follows the last one no sooner, milliseconds. */
    private static final long SOONEST_MS = 20;

    private static final TopicPartition PARTITION = new TopicPartition(Topics.BEATS, 0);

    private final Life life;
    private final String role;
    private final List<String> logs;
    private final LogReader reader;
    private final LogWriter writer;
    private final Clocks clocks;
    private final HandlerFailures failures;
    private final BeatBook book;
    private final List<Supplier<List<Beat.Held>>> holders = new CopyOnWriteArrayList<>();
    private final List<Runnable> onBrokerBack = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile long incarnation = Beat.NO_GATEWAY;
    private volatile boolean leaving;
    private volatile boolean soon;
    private volatile boolean silent;
    // Used by the reader's thread only.
    private final BrokerWatch broker = new BrokerWatch();
    private @Nullable Life toldOf;
    private long number;
    private long sentMs = Long.MIN_VALUE / 2;

    /** @param logs the logs whose shards this instance can hold */
    public Beats(
            Life life,
            String role,
            List<String> logs,
            LogReader reader,
            LogWriter writer,
            Clocks clocks,
            HandlerFailures failures) {
        this.life = life;
        this.role = role;
        this.logs = List.copyOf(logs);
        this.reader = reader;
        this.writer = writer;
        this.clocks = clocks;
        this.failures = failures;
        this.book = new BeatBook(life, INTERVAL_MS);
    }

    /** Begins to read and then to beat. */
    public void start(LogAdmin admin) {
        admin.begin(PARTITION)
                .thenCombine(admin.end(PARTITION), (begin, end) -> Math.max(begin, end - PAST_MAX))
                .whenComplete((from, failure) -> {
                    if (failure != null) {
                        log.warn(
                                "The beats cannot be read yet: {}",
                                LogAdmin.unwrap(failure).getMessage());
                        reader.postAfter(INTERVAL_MS, () -> start(admin));
                    } else {
                        reader.add(PARTITION, from, new Reading(admin));
                        reader.addTurn(this::turn);
                    }
                });
    }

    /** Completes when the first beat of one's own has come through. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** Adds a source of what this instance holds; called on another thread than the shards'. */
    public void report(Supplier<List<Beat.Held>> holder) {
        holders.add(holder);
    }

    /** Undoes {@link #report}. */
    public void forget(Supplier<List<Beat.Held>> holder) {
        holders.remove(holder);
    }

    /** This instance serves as this gateway life from now on. */
    public void serveAs(long gatewayIncarnation) {
        incarnation = gatewayIncarnation;
        beatSoon();
    }

    /** Says at once what has changed. */
    public void beatSoon() {
        soon = true;
        reader.post(() -> {});
    }

    /** Says that this instance goes down. */
    public void leave() {
        leaving = true;
        beatSoon();
    }

    /** Beats no longer, as if the process had been killed; for tests of takeovers. */
    public void fallSilent() {
        silent = true;
    }

    /** Whose beats these are. */
    public Life life() {
        return life;
    }

    /** Everything heard. */
    public BeatBook book() {
        return book;
    }

    /** For how long this life has been silent, milliseconds; see {@link BeatBook#silentMs(String, long)}. */
    public long silentMs(String ofLife) {
        return book.silentMs(ofLife, clocks.monotonicMs());
    }

    /** For how long this gateway life has been silent, milliseconds; see {@link BeatBook#silentMs(long, long)}. */
    public long silentMs(long gatewayIncarnation) {
        return book.silentMs(gatewayIncarnation, clocks.monotonicMs());
    }

    /** How long ago the newest of one's own beats was sent that has come through, milliseconds. */
    public long ownOutMs() {
        return book.ownOutMs(clocks.monotonicMs());
    }

    /** For how long the broker has been away, as far as one's own beats tell, milliseconds; 0 while they come through. */
    public long brokerAwayMs() {
        long outMs = ownOutMs();
        return outMs > BrokerWatch.SILENCE_MS ? outMs : 0;
    }

    /** What is done when the broker is back after an outage; called by the thread that beats. */
    public void onBrokerBack(Runnable action) {
        onBrokerBack.add(action);
    }

    /** Another process that runs under the name of this instance, or null; see {@link BeatBook#twin}. */
    public @Nullable Life twin() {
        return book.twin(clocks.monotonicMs());
    }

    /** For how long nobody was heard that can hold shards of this log; see {@link BeatBook#holdersSilentMs}. */
    public long holdersSilentMs(String log) {
        return book.holdersSilentMs(log, clocks.monotonicMs());
    }

    /** Whether one's own beats come through. */
    public boolean ownComeThrough() {
        return book.ownComesThrough(clocks.monotonicMs());
    }

    private long turn(long nowMs) {
        long waitMs = soon ? SOONEST_MS : INTERVAL_MS;
        if (nowMs - sentMs >= waitMs && !silent) {
            soon = false;
            sentMs = nowMs;
            beat(nowMs);
            waitMs = INTERVAL_MS;
        }
        if (ready.isDone() && !leaving && !silent) {
            lookForBroker(nowMs);
            lookForTwin(nowMs);
        }
        return Math.max(0, sentMs + waitMs - nowMs);
    }

    private void lookForBroker(long nowMs) {
        BrokerWatch.News news = broker.look(book.ownOutMs(nowMs), nowMs);
        long forMs = nowMs - broker.awayMs();
        switch (news) {
            case AWAY ->
                log.warn(
                        "The broker cannot be reached since {}; requests are refused for the moment",
                        Instant.ofEpochMilli(clocks.wallMs() - forMs).truncatedTo(ChronoUnit.SECONDS));
            case BACK -> {
                log.info("The broker is back after {} s", Math.round(forMs / 1000.0));
                onBrokerBack.forEach(Runnable::run);
            }
            case NONE -> {}
        }
    }

    private void lookForTwin(long nowMs) {
        Life twin = book.twin(nowMs);
        if (twin != null && !twin.equals(toldOf)) {
            log.error(
                    "Another process runs under the name of this instance: {} beside {}. Give each process a name of its"
                            + " own (convene.instance)",
                    twin,
                    life);
        }
        toldOf = twin;
    }

    private void beat(long nowMs) {
        List<Beat.Held> held = new ArrayList<>();
        holders.forEach(holder -> held.addAll(holder.get()));
        Beat beat = new Beat(life, role, ++number, incarnation, leaving, logs, held);
        book.sent(beat.number(), nowMs);
        // One that fails is not repeated: the next one says more.
        writer.append(Topics.BEATS, 0, beat.toBytes());
    }

    private final class Reading implements RecordHandler {
        private final LogAdmin admin;

        Reading(LogAdmin admin) {
            this.admin = admin;
        }

        @Override
        public void record(LogRecord record) {
            byte[] value = record.value();
            if (value == null) {
                return;
            }
            try {
                Beat beat = Beat.read(value);
                book.read(beat, record.timestampMs(), clocks.monotonicMs());
                if (beat.life().equals(life) && !ready.isDone()) {
                    ready.complete(null);
                }
            } catch (MalformedRecordException e) {
                log.debug("Passed over a beat at {}: {}", record.offset(), e.getMessage());
            }
        }

        @Override
        public void outOfRange(long position) {
            // Old beats are worth nothing: this is the one log that may be read on from its end.
            admin.end(PARTITION).whenComplete((end, failure) -> {
                if (failure == null) {
                    reader.add(PARTITION, end, this);
                } else {
                    reader.postAfter(INTERVAL_MS, () -> outOfRange(position));
                }
            });
        }

        @Override
        public boolean failed(Throwable failure) {
            failures.failed("beats", "a beat was not heard, the next ones are", failure);
            return true;
        }
    }
}
