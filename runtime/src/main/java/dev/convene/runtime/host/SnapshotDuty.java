package dev.convene.runtime.host;

import dev.convene.runtime.host.snapshot.Manifest;
import dev.convene.runtime.host.snapshot.SnapshotPlan;
import dev.convene.runtime.host.snapshot.SnapshotStore;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes, publishes and deletes the snapshots of one replica. Belongs to the reader's thread; writes on virtual threads, one
 * thing at a time.
 */
final class SnapshotDuty {
    private static final Logger log = LoggerFactory.getLogger(SnapshotDuty.class);

    /** How often it is looked whether something is due, milliseconds. */
    private static final long LOOK_MS = 200;
    /** How often old snapshots and records are deleted, milliseconds. */
    private static final long RETAIN_MS = TimeUnit.SECONDS.toMillis(60);
    /** After a failure nothing is tried for so long, milliseconds. */
    private static final long PAUSE_MS = TimeUnit.SECONDS.toMillis(10);

    private final Hosting<?> hosting;
    private final int partition;
    private final SnapshotPlan plan;
    private final SnapshotStore store;
    private long lookedMs;
    private long retainedMs;
    private long pausedUntilMs;
    private long lastPosition;
    private long lastSeenMs;
    private long bytesSince;
    private boolean writing;
    private boolean retaining;
    private boolean retainSoon;
    /** Written, but not visible until the effects below it are out. */
    private @Nullable Manifest written;

    private volatile @Nullable Manifest newest;

    SnapshotDuty(Hosting<?> hosting, int partition) {
        this.hosting = hosting;
        this.partition = partition;
        this.plan = hosting.settings().snapshots();
        this.store = hosting.instance().snapshots();
        this.lookedMs = hosting.nowMs();
        this.retainedMs = lookedMs;
        this.lastSeenMs = lookedMs;
    }

    /** The machine was opened anew: what was written of the one before is not published. */
    void opened(long position) {
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
                take(machine);
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

    private void take(ShardMachine<?> machine) {
        writing = true;
        long startNanos = System.nanoTime();
        byte[] bytes = machine.snapshot();
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        SnapshotStore.Taken taken = new SnapshotStore.Taken(
                hosting.log(),
                partition,
                hosting.epoch(),
                machine.view().nextOffset(),
                machine.view().behaviour(),
                bytes,
                bytesSince);
        background("snapshot", () -> {
            Manifest manifest = store.write(taken);
            hosting.reader().post(() -> {
                writing = false;
                written = manifest;
                log.info("{}: wrote snapshot {}, the shard stood still for {} ms", hosting.life(), manifest, tookMs);
            });
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

    private void background(String what, Runnable task) {
        Thread.ofVirtual().name(what + "-" + hosting.log() + "-" + partition).start(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.warn("{}: {} of {}/{} failed: {}", hosting.life(), what, hosting.log(), partition, e.toString());
                hosting.reader().post(() -> {
                    pausedUntilMs = hosting.nowMs() + PAUSE_MS;
                    writing = false;
                    retaining = false;
                });
            }
        });
    }
}
