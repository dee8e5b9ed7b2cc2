package dev.convene.runtime.host.snapshot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When snapshots are taken, and which are kept. Pure.
 *
 * @param recordsMax records after which one is due
 * @param bytesMax bytes of records after which one is due
 * @param timeMax time after which one is due if there was any record
 * @param keptMin snapshots that are kept in any case, at least {@link #KEPT_LEAST}
 * @param history how far back the log is to be kept
 * @param historyBytesMax records beyond this are not kept for the history, only for {@code keptMin}
 */
public record SnapshotPlan(
        long recordsMax, long bytesMax, Duration timeMax, int keptMin, Duration history, long historyBytesMax) {
    /** A damaged one must not be the last. */
    public static final int KEPT_LEAST = 2;

    /** The least {@code timeMax}: each snapshot writes the whole state. */
    public static final Duration TIME_LEAST = Duration.ofSeconds(1);

    /** 100,000 records, 64 MiB or 10 minutes; two at least, one hour, 4 GiB. */
    public static final SnapshotPlan DEFAULT =
            new SnapshotPlan(100_000, 64L << 20, Duration.ofMinutes(10), KEPT_LEAST, Duration.ofHours(1), 4L << 30);

    public SnapshotPlan {
        if (keptMin < KEPT_LEAST) {
            throw new IllegalArgumentException("keptMin is at least " + KEPT_LEAST + ", not " + keptMin);
        }
    }

    /** Whether a snapshot is due, with so much since the last one. */
    public boolean isDue(long records, long bytes, long timeMs) {
        return records >= recordsMax || bytes >= bytesMax || records > 0 && timeMs >= timeMax.toMillis();
    }

    /** Whether one is overdue: whoever was to take it does not. */
    public boolean isOverdue(long records, long bytes, long timeMs) {
        return isDue(records * 2 / 3, bytes * 2 / 3, timeMs * 2 / 3);
    }

    /**
     * The snapshots that are kept; the log is kept from the oldest of them on.
     *
     * @param newestFirst all there are
     * @param wallMs now, milliseconds since 1970
     */
    public List<Manifest> kept(List<Manifest> newestFirst, long wallMs) {
        List<Manifest> kept = new ArrayList<>();
        long bytes = 0;
        for (Manifest manifest : newestFirst) {
            if (kept.size() >= keptMin) {
                Manifest newer = kept.getLast();
                boolean reached = newer.takenMs() <= wallMs - history.toMillis();
                if (reached || bytes + newer.logBytes() > historyBytesMax) {
                    break;
                }
            }
            if (!kept.isEmpty()) {
                bytes += kept.getLast().logBytes();
            }
            kept.add(manifest);
        }
        return kept;
    }

    /**
     * Whether the history still reaches below the oldest snapshot there is, so that nothing may be deleted yet: the records
     * from the beginning of the log are as young as it.
     *
     * @param newestFirst all there are
     * @param wallMs now, milliseconds since 1970
     */
    public boolean reachesBelowAll(List<Manifest> newestFirst, long wallMs) {
        long bytes = 0;
        for (Manifest manifest : newestFirst) {
            bytes += manifest.logBytes();
        }
        return newestFirst.isEmpty()
                || newestFirst.getLast().takenMs() > wallMs - history.toMillis() && bytes <= historyBytesMax;
    }
}
