package dev.convene.runtime.host;

import dev.convene.protocol.log.Encoder;
import dev.convene.runtime.host.snapshot.Manifest;
import dev.convene.runtime.host.snapshot.SnapshotPlan;
import dev.convene.runtime.host.snapshot.SnapshotStore;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes, publishes and deletes the snapshots of one replica. Belongs to the reader's thread; writes on other threads, one
 * thing at a time.
 *
 * <p>A state of up to {@value #AT_ONCE_MAX_BYTES} bytes is written out by the shard's thread, which takes some
 * milliseconds. A larger one is written by a second machine that goes the same way, one at a time in a process: the shard
 * does not wait, and for that time the process holds its state twice.
 */
final class SnapshotDuty {
    private static final Logger log = LoggerFactory.getLogger(SnapshotDuty.class);

    /** How often it is looked whether something is due, milliseconds. */
    private static final long LOOK_MS = 200;
    /** How often old snapshots and records are deleted, milliseconds. */
    private static final long RETAIN_MS = TimeUnit.SECONDS.toMillis(60);
    /** After a failure nothing is tried for so long, milliseconds. */
    private static final long PAUSE_MS = TimeUnit.SECONDS.toMillis(10);
    /** What the shard's thread writes out by itself. */
    static final long AT_ONCE_MAX_BYTES = 1L << 20;
    /** A large snapshot is followed by so many times its duration without one. */
    private static final int REST_FACTOR = 9;
    /** A machine takes about so many times the bytes of its snapshot. */
    private static final long HEAP_FACTOR = 16;
    /** After so many failures in a row a large state is written at once after all: better late answers than no snapshot. */
    private static final int PASS_FAILURES_MAX = 3;

    private final Hosting<?> hosting;
    private final int partition;
    private final SnapshotPlan plan;
    private final SnapshotStore store;
    private final SnapshotPass<?> pass;
    private final Supplier<Set<Long>> skipped;
    private final ReplicaMeters meters;
    private long lookedMs;
    private long retainedMs;
    private long pausedUntilMs;
    private long lastPosition;
    private long lastSeenMs;
    private long bytesSince;
    private boolean writing;
    private boolean retaining;
    private boolean retainSoon;
    private int passFailures;
    /** Tells what belongs to a machine that was opened before. */
    private volatile int opening;

    private volatile boolean closed;
    /** Written, but not visible until the effects below it are out. */
    private @Nullable Manifest written;

    private volatile @Nullable Manifest newest;

    /** @param skipped offsets that operators have decided to pass over, as far as the shard's tail knows */
    <C> SnapshotDuty(Hosting<C> hosting, int partition, Supplier<Set<Long>> skipped, ReplicaMeters meters) {
        this.hosting = hosting;
        this.partition = partition;
        this.pass = new SnapshotPass<>(hosting, partition);
        this.skipped = skipped;
        this.meters = meters;
        this.plan = hosting.settings().snapshots();
        this.store = hosting.instance().snapshots();
        this.lookedMs = hosting.nowMs();
        this.retainedMs = lookedMs;
        this.lastSeenMs = lookedMs;
    }

    /** The machine was opened anew: what was written of the one before is not published. */
    void opened(long position) {
        opening++;
        written = null;
        lastPosition = position;
        bytesSince = 0;
        lastSeenMs = hosting.nowMs();
    }

    /** A record of so many bytes was applied. */
    void applied(long bytes) {
        bytesSince += bytes;
    }

    /** The newest snapshot that is visible; null if there is none. */
    @Nullable Manifest newest() {
        return newest;
    }

    /**
     * Does what is due.
     *
     * @param mayTake whether it is up to this replica to take snapshots
     * @param owner whether this is the owner, which deletes
     * @param outBelow all effects of records below this offset are out
     */
    void turn(ShardMachine<?> machine, long nowMs, boolean mayTake, boolean owner, long outBelow) {
        if (nowMs - lookedMs < LOOK_MS) {
            return;
        }
        lookedMs = nowMs;
        look(nowMs);
        Manifest waiting = written;
        if (waiting != null) {
            publish(waiting, outBelow);
        } else if (!writing && nowMs >= pausedUntilMs) {
            long records = machine.view().nextOffset() - lastPosition;
            long ageMs = nowMs - lastSeenMs;
            if (mayTake && plan.isDue(records, bytesSince, ageMs) || plan.isOverdue(records, bytesSince, ageMs)) {
                take(machine, nowMs);
            }
        }
        if (owner && !retaining && (retainSoon || nowMs - retainedMs >= RETAIN_MS)) {
            retainedMs = nowMs;
            retainSoon = false;
            retain();
        }
    }

    private void look(long nowMs) {
        List<Manifest> all = store.manifests(hosting.log(), partition, hosting.epoch());
        Manifest first = all.isEmpty() ? null : all.getFirst();
        newest = first;
        if (first != null && first.position() > lastPosition) {
            // What was read since a snapshot of another replica is not known exactly: counted from when it was seen.
            lastPosition = first.position();
            lastSeenMs = nowMs;
            bytesSince = 0;
            retainSoon = true;
            Manifest waiting = written;
            if (waiting != null && waiting.position() <= first.position()) {
                written = null;
            }
        }
    }

    /** Writes a small state out at once, and a large one from a second machine: the shard goes on meanwhile. */
    private void take(ShardMachine<?> machine, long nowMs) {
        Manifest before = newest;
        boolean inAnyCase = passFailures >= PASS_FAILURES_MAX || before != null && !fitsTwice(before);
        boolean large = !inAnyCase && before != null && before.sizeBytes() > AT_ONCE_MAX_BYTES;
        long startNanos = System.nanoTime();
        List<byte[]> whole = large ? null : atOnce(machine, inAnyCase);
        long stoodNanos = System.nanoTime() - startNanos;
        if (!large) {
            meters.shardStood(stoodNanos);
        }
        if (whole != null) {
            passFailures = 0;
            writing = true;
            SnapshotStore.Taken taken = taken(machine, to -> whole.forEach(to::take));
            background("snapshot", () -> written(store.write(taken), "at once", startNanos, stoodNanos));
        } else if (hosting.instance().largeSnapshots().tryAcquire()) {
            writing = true;
            fromSecondMachine(machine, nowMs, startNanos, stoodNanos);
        }
    }

    private SnapshotStore.Taken taken(ShardMachine<?> machine, SnapshotStore.Content content) {
        return new SnapshotStore.Taken(
                hosting.log(),
                partition,
                hosting.epoch(),
                machine.view().nextOffset(),
                machine.view().behaviour(),
                content,
                bytesSince);
    }

    private static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Whether a second machine has room beside the first, as far as the size of a snapshot tells. */
    private static boolean fitsTwice(Manifest before) {
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        return free >= HEAP_FACTOR * before.sizeBytes();
    }

    /**
     * The whole state; null if it is too large to keep the shard waiting for it.
     *
     * @param inAnyCase whether the shard has to wait however large it is
     */
    private @Nullable List<byte[]> atOnce(ShardMachine<?> machine, boolean inAnyCase) {
        List<byte[]> chunks = new ArrayList<>();
        Encoder out = Encoder.into(SnapshotStore.CHUNK_BYTES, chunk -> {
            if (!inAnyCase && (long) chunks.size() * SnapshotStore.CHUNK_BYTES >= AT_ONCE_MAX_BYTES) {
                throw new TooLargeException();
            }
            chunks.add(chunk);
        });
        try {
            machine.write(out);
            out.finish();
        } catch (TooLargeException _) {
            return null;
        }
        return chunks;
    }

    private void fromSecondMachine(ShardMachine<?> machine, long nowMs, long startNanos, long stoodNanos) {
        SnapshotStore.Taken plan = taken(machine, chunks -> {});
        Set<Long> passedOver = skipped.get();
        int present = opening;
        Thread.ofPlatform()
                .daemon()
                .name("snapshot-" + hosting.log() + "-" + partition)
                .start(() -> {
                    try {
                        ShardMachine<?> second =
                                pass.bring(plan.position(), passedOver, () -> closed || present != opening);
                        Manifest manifest = store.write(plan.with(chunks -> {
                            Encoder out = Encoder.into(SnapshotStore.CHUNK_BYTES, chunks);
                            second.write(out);
                            out.finish();
                        }));
                        hosting.reader().post(() -> passFailures = 0);
                        written(manifest, "from a second machine", startNanos, stoodNanos);
                    } catch (CancellationException _) {
                        hosting.reader().post(() -> writing = false);
                    } catch (RuntimeException | OutOfMemoryError e) {
                        hosting.reader().post(() -> passFailures++);
                        failed("snapshot", e);
                    } finally {
                        hosting.instance().largeSnapshots().release();
                        rest(nowMs);
                    }
                });
    }

    /** The next one not before much more time has gone by than this one took. */
    private void rest(long startedMs) {
        hosting.reader().post(() -> {
            long nowMs = hosting.nowMs();
            pausedUntilMs = Math.max(pausedUntilMs, nowMs + REST_FACTOR * (nowMs - startedMs));
        });
    }

    private void written(Manifest manifest, String how, long startNanos, long stoodNanos) {
        long tookNanos = System.nanoTime() - startNanos;
        meters.snapshotWritten(tookNanos);
        log.info(
                "{}: wrote snapshot {} {} in {} ms, the shard stood still for {} ms",
                hosting.life(),
                manifest,
                how,
                TimeUnit.NANOSECONDS.toMillis(tookNanos),
                TimeUnit.NANOSECONDS.toMillis(stoodNanos));
        int present = opening;
        hosting.reader().post(() -> {
            writing = false;
            written = present == opening ? manifest : null;
        });
    }

    private void publish(Manifest manifest, long outBelow) {
        if (outBelow < manifest.position() || writing) {
            return;
        }
        writing = true;
        background("publish", () -> {
            store.publish(manifest).join();
            hosting.reader().post(() -> {
                writing = false;
                written = null;
            });
        });
    }

    private void retain() {
        List<Manifest> all = store.manifests(hosting.log(), partition, hosting.epoch());
        long wallMs = hosting.instance().clocks().wallMs();
        if (plan.reachesBelowAll(all, wallMs)) {
            return;
        }
        List<Manifest> kept = plan.kept(all, wallMs);
        List<Manifest> deleted = new ArrayList<>(all);
        deleted.removeAll(kept);
        deleted.addAll(store.unusable(hosting.log(), partition, hosting.epoch()));
        retaining = true;
        background("retention", () -> {
            store.retain(kept, deleted);
            hosting.reader().post(() -> retaining = false);
        });
    }

    /** Ends what is in progress. */
    void close() {
        closed = true;
    }

    private void background(String what, Runnable task) {
        Thread.ofVirtual().name(what + "-" + hosting.log() + "-" + partition).start(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                failed(what, e);
            } catch (Error e) {
                failed(what, e);
                throw e;
            }
        });
    }

    private void failed(String what, Throwable e) {
        log.warn("{}: {} of {}/{} failed: {}", hosting.life(), what, hosting.log(), partition, e.toString());
        hosting.reader().post(() -> {
            pausedUntilMs = Math.max(pausedUntilMs, hosting.nowMs() + PAUSE_MS);
            writing = false;
            retaining = false;
        });
    }
}
