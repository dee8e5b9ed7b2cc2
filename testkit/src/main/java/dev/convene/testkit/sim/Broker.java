package dev.convene.testkit.sim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Kafka as seen by the processes of a run: late, forgetful about acknowledgements, and the only thing that lasts. */
public final class Broker {
    /**
     * What goes wrong, in percent of the appends; all times in milliseconds.
     *
     * @param lostAcknowledgements the record is in the log, and its writer is told that it does not know
     * @param lostRequests the record is not in the log, and its writer is told that it does not know
     * @param lateRequests the writer is told that it does not know, and the record comes into the log later
     * @param latencyMs longest way in one direction
     * @param gaps offsets before which some are unused
     */
    public record Faults(int lostAcknowledgements, int lostRequests, int lateRequests, long latencyMs, int gaps) {
        /** All goes well, in 1 to 3 ms. */
        public static final Faults NONE = new Faults(0, 0, 0, 3, 0);

        /** Everything happens now and then. */
        public static final Faults SOME = new Faults(4, 2, 2, 12, 10);
    }

    /** The outcome of an append is not known. */
    public static final class UnknownOutcomeException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnknownOutcomeException() {
            super("the outcome of the append is not known");
        }
    }

    private static final long UNKNOWN_AFTER_MS = 300;
    private static final long LATE_MAX_MS = 4000;
    private static final int POLLED_MAX = 20;

    private record Place(String topic, int partition) {}

    private record Way(String actor, int life, Place place) {}

    private final Simulation simulation;
    private final Map<Place, MemoryLog> logs = new LinkedHashMap<>();
    /** When the last record of a writer comes to a partition: its records do not overtake each other. */
    private final Map<Way, Long> arrivals = new LinkedHashMap<>();

    private Faults faults;

    public Broker(Simulation simulation, Faults faults) {
        this.simulation = simulation;
        this.faults = faults;
    }

    /** From now on this goes wrong. */
    public void faults(Faults present) {
        faults = present;
    }

    public MemoryLog log(String topic, int partition) {
        return logs.computeIfAbsent(new Place(topic, partition), place -> new MemoryLog());
    }

    /**
     * Appends for a process; completes as mail to it, with the offset or with {@link UnknownOutcomeException}. What a
     * process has sent comes into the log even if it crashes meanwhile.
     */
    public CompletableFuture<Long> append(
            Actor writer, String topic, int partition, byte @Nullable [] header, byte[] value) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        int life = writer.life();
        if (simulation.chance(faults.lostRequests)) {
            failLater(writer, life, done);
        } else if (simulation.chance(faults.lateRequests)) {
            simulation.after(
                    simulation.between(UNKNOWN_AFTER_MS, LATE_MAX_MS), () -> land(topic, partition, header, value));
            failLater(writer, life, done);
        } else {
            boolean forgets = simulation.chance(faults.lostAcknowledgements);
            Way way = new Way(writer.name(), life, new Place(topic, partition));
            long at = Math.max(
                    simulation.nowMs() + simulation.between(1, faults.latencyMs), arrivals.getOrDefault(way, 0L));
            arrivals.put(way, at);
            simulation.after(at - simulation.nowMs(), () -> {
                long offset = land(topic, partition, header, value);
                if (forgets) {
                    failLater(writer, life, done);
                } else {
                    acknowledge(writer, life, simulation.between(1, faults.latencyMs), () -> done.complete(offset));
                }
            });
        }
        return done;
    }

    private long land(String topic, int partition, byte @Nullable [] header, byte[] value) {
        int gap = simulation.chance(faults.gaps) ? (int) simulation.between(1, 3) : 0;
        return log(topic, partition).append(header, value, gap);
    }

    private void failLater(Actor writer, int life, CompletableFuture<Long> done) {
        acknowledge(writer, life, UNKNOWN_AFTER_MS, () -> done.completeExceptionally(new UnknownOutcomeException()));
    }

    private static void acknowledge(Actor writer, int life, long delayMs, Runnable task) {
        if (writer.isIn(life)) {
            writer.after(delayMs, task);
        }
    }

    /** Gives a process every record from an offset on, in order, each as soon as it gets to it, while its life lasts. */
    public void tail(Actor reader, String topic, int partition, long from, Consumer<MemoryLog.Entry> handler) {
        new Tail(reader, log(topic, partition), from, handler).begin();
    }

    private final class Tail {
        private final Actor reader;
        private final int life;
        private final MemoryLog log;
        private final Consumer<MemoryLog.Entry> handler;
        private final Runnable wakeUp = this::schedule;
        private long next;
        private boolean scheduled;

        Tail(Actor reader, MemoryLog log, long from, Consumer<MemoryLog.Entry> handler) {
            this.reader = reader;
            this.life = reader.life();
            this.log = log;
            this.next = from;
            this.handler = handler;
        }

        void begin() {
            log.onAppend(wakeUp);
            schedule();
        }

        private void schedule() {
            if (!reader.isIn(life)) {
                log.forget(wakeUp);
            } else if (!scheduled && next < log.endOffset()) {
                scheduled = true;
                reader.after(simulation.between(1, faults.latencyMs), this::poll);
            }
        }

        private void poll() {
            scheduled = false;
            for (MemoryLog.Entry entry : log.read(next, POLLED_MAX)) {
                if (!reader.isIn(life)) {
                    return;
                }
                next = entry.offset() + 1;
                handler.accept(entry);
            }
            schedule();
        }
    }
}
