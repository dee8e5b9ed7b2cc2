package dev.convene.runtime.host.effect;

import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.host.log.AppendException;
import dev.convene.runtime.host.log.LogAdmin;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The effects of one shard that are not known to be out. While it is shut (standby) it holds them back and forgets those
 * that the owner reports as given out; when it is open (owner) it sends them.
 *
 * <p>Each target has one record on its way at a time; what comes meanwhile is packed into the next. So nothing later can
 * arrive before something that failed, which the receiver would then drop as old: an effect is repeated, never left out.
 *
 * <p>Thread-safe; sends from the threads of its callers and of the acknowledgements.
 */
public final class Outbox {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    /** Bytes of effects that are packed into one record, if there is more than one. */
    static final int PACK_BYTES = 512 << 10;
    /** Effects that are packed into one record. */
    static final int PACK_MAX = 5000;
    /** A record that failed is sent again after this time, milliseconds. */
    private static final long RETRY_MS = 100;

    /** Appends a record and completes with its offset. */
    @FunctionalInterface
    public interface Sender {
        CompletableFuture<Long> append(String topic, int partition, byte[] value);
    }

    /** Runs a task after some milliseconds. */
    @FunctionalInterface
    public interface Later {
        void after(long delayMs, Runnable task);
    }

    /**
     * When the shard has to stop reading on.
     *
     * @param effectsMax effects
     * @param bytesMax their bytes, about
     */
    public record Bounds(int effectsMax, long bytesMax) {
        /** 200,000 effects, 64 MiB. */
        public static final Bounds DEFAULT = new Bounds(200_000, 64L << 20);
    }

    /** A record of the source that had effects, until all of them are out. */
    private static final class Slot {
        final long offset;
        int pending;

        Slot(long offset) {
            this.offset = offset;
        }
    }

    private record Entry(Effect effect, Slot slot) {}

    private static final class Lane {
        final Target target;
        final Deque<Entry> waiting = new ArrayDeque<>();
        /** Entries at the head that are on their way; 0 when the lane is idle. */
        int onTheWay;

        boolean packsOne;
        boolean retries;

        Lane(Target target) {
            this.target = target;
        }
    }

    private final Source source;
    private final Sender sender;
    private final int answersPartitions;
    private final Bounds bounds;
    private final Later later;
    private final Map<Target, Lane> lanes = new HashMap<>();
    private final Deque<Slot> slots = new ArrayDeque<>();
    private long appliedBelow;
    private boolean open;
    private int size;
    private long bytes;
    private int failures;

    /**
     * A shut outbox.
     *
     * @param appliedBelow all effects of records below this offset are out
     * @param later runs retries
     */
    public Outbox(Source source, long appliedBelow, Sender sender, int answersPartitions, Bounds bounds, Later later) {
        this.source = source;
        this.appliedBelow = appliedBelow;
        this.sender = sender;
        this.answersPartitions = answersPartitions;
        this.bounds = bounds;
        this.later = later;
    }

    /** Takes the next effect, in order; it is sent by {@link #flush}. */
    public synchronized void add(Effect effect) {
        long offset = effect.id().offset();
        Slot slot = slots.peekLast();
        if (slot == null || slot.offset != offset) {
            slot = new Slot(offset);
            slots.addLast(slot);
        }
        slot.pending++;
        size++;
        bytes += effect.sizeBytes();
        lanes.computeIfAbsent(Target.of(effect), Lane::new).waiting.addLast(new Entry(effect, slot));
    }

    /** All effects of records below this offset were added. */
    public synchronized void applied(long below) {
        appliedBelow = Math.max(appliedBelow, below);
    }

    /** Sends what waits, if this is open. */
    public synchronized void flush() {
        if (open) {
            // A send that fails at once changes nothing in the map.
            List.copyOf(lanes.values()).forEach(this::send);
        }
    }

    /** Gives out everything that is held, and from now on everything that comes. */
    public synchronized void open() {
        open = true;
        flush();
    }

    /** Sends nothing more; what is on its way is counted when its acknowledgement comes. */
    public synchronized void shut() {
        open = false;
    }

    /** Forgets the effects of records below this offset: somebody has given them out. */
    public synchronized void trim(long below) {
        Slot first = slots.peekFirst();
        if (first == null || first.offset >= below) {
            return;
        }
        for (Lane lane : List.copyOf(lanes.values())) {
            if (lane.onTheWay == 0) {
                Entry head;
                while ((head = lane.waiting.peekFirst()) != null
                        && head.effect.id().offset() < below) {
                    done(lane.waiting.removeFirst());
                }
                removeIfEmpty(lane);
            }
        }
        dropDone();
    }

    private void send(Lane lane) {
        if (!open || lane.onTheWay > 0 || lane.retries || lane.waiting.isEmpty()) {
            return;
        }
        List<Effect> pack = new ArrayList<>();
        long packBytes = 0;
        for (Entry entry : lane.waiting) {
            packBytes += entry.effect.sizeBytes();
            if (!pack.isEmpty() && (packBytes > PACK_BYTES || pack.size() >= PACK_MAX || lane.packsOne)) {
                break;
            }
            pack.add(entry.effect);
        }
        lane.onTheWay = pack.size();
        sender.append(lane.target.topic(), lane.target.partition(answersPartitions), lane.target.pack(source, pack))
                .whenComplete((offset, failure) -> arrived(lane, failure));
    }

    private synchronized void arrived(Lane lane, @org.jspecify.annotations.Nullable Throwable failure) {
        int count = lane.onTheWay;
        lane.onTheWay = 0;
        if (failure != null) {
            lane.retries = true;
            if (isTooLarge(failure) && count > 1) {
                lane.packsOne = true;
            } else if (isTooLarge(failure)) {
                refused(lane);
            } else if (failures++ % 100 == 0) {
                log.warn(
                        "{}/{}: effects for {} were not acknowledged, trying on: {}",
                        source.log(),
                        source.partition(),
                        lane.target,
                        LogAdmin.unwrap(failure).getMessage());
            }
            later.after(RETRY_MS, () -> retry(lane));
            return;
        }
        failures = 0;
        for (int i = 0; i < count; i++) {
            done(lane.waiting.removeFirst());
        }
        lane.packsOne = false;
        dropDone();
        send(lane);
        removeIfEmpty(lane);
    }

    private static boolean isTooLarge(Throwable failure) {
        return LogAdmin.unwrap(failure) instanceof AppendException e && e.code() == ErrorCode.MESSAGE_TOO_LARGE;
    }

    /** A machine makes no effect that fits no record, so the topic takes less than it should. Nothing is left out for that. */
    private void refused(Lane lane) {
        if (failures++ % 100 == 0) {
            Effect first = lane.waiting.getFirst().effect;
            log.error(
                    "{}/{}: the effect {} of {} bytes for {} is refused as too large and waits, and all after it: raise "
                            + "max.message.bytes of {}",
                    source.log(),
                    source.partition(),
                    first.id(),
                    first.sizeBytes(),
                    lane.target,
                    lane.target.topic());
        }
    }

    private synchronized void retry(Lane lane) {
        lane.retries = false;
        send(lane);
    }

    private void done(Entry entry) {
        entry.slot.pending--;
        size--;
        bytes -= entry.effect.sizeBytes();
    }

    private void dropDone() {
        Slot first;
        while ((first = slots.peekFirst()) != null && first.pending == 0) {
            slots.removeFirst();
        }
    }

    private void removeIfEmpty(Lane lane) {
        if (lane.waiting.isEmpty() && lane.onTheWay == 0) {
            lanes.remove(lane.target, lane);
        }
    }

    /** All effects of records below this offset are known to be out. */
    public synchronized long outBelow() {
        Slot first = slots.peekFirst();
        return first == null ? appliedBelow : first.offset;
    }

    /** Whether it is open. */
    public synchronized boolean isOpen() {
        return open;
    }

    /** Effects that are not known to be out. */
    public synchronized int size() {
        return size;
    }

    /** Whether the shard has to stop reading on. */
    public synchronized boolean isFull() {
        return size >= bounds.effectsMax || bytes >= bounds.bytesMax;
    }

    /** Whether a shard that has stopped may read on. */
    public synchronized boolean hasRoom() {
        return size <= bounds.effectsMax / 2 && bytes <= bounds.bytesMax / 2;
    }

    /** The effects that are not known to be out, for tests and diagnosis, target by target. */
    synchronized void forEach(Consumer<Effect> consumer) {
        lanes.values().forEach(lane -> lane.waiting.forEach(entry -> consumer.accept(entry.effect)));
    }
}
