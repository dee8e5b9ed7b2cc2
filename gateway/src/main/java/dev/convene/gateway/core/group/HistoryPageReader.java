package dev.convene.gateway.core.group;

import dev.convene.gateway.core.delivery.Pushes;
import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.gateway.core.log.GroupLog;
import dev.convene.group.Delivery;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers the oldest so many messages of a stretch: one page, of which the next goes on after the last. Holds no more than
 * the page, however much there is. Where the newest bytes alone are kept it also counts all that is there; if that is more,
 * the stretch is read once more, by a reader that knows how much.
 */
final class HistoryPageReader implements GroupLog.Replay {
    private static final long UNKNOWN = -1;

    private final HistoryStretch stretch;
    private final Pushes pushes;
    private final int countMax;
    private final long bytesMax;
    private final long keptBytes;
    private final long allBytes;
    private final List<SharedPush> found = new ArrayList<>();
    private long foundBytes;
    private long sentBytes;
    private long recordMs;
    private boolean dropped;
    private boolean more;

    /**
     * @param countMax most messages of the page, 1 or more
     * @param bytesMax most bytes of bodies of the page, unless a single message has more
     * @param keptBytes the newest messages that together have at most so many bytes of bodies are kept; -1 for all
     */
    HistoryPageReader(HistoryStretch stretch, Pushes pushes, int countMax, long bytesMax, long keptBytes) {
        this(stretch, pushes, countMax, bytesMax, keptBytes, UNKNOWN);
    }

    private HistoryPageReader(
            HistoryStretch stretch, Pushes pushes, int countMax, long bytesMax, long keptBytes, long allBytes) {
        this.stretch = stretch;
        this.pushes = pushes;
        this.countMax = countMax;
        this.bytesMax = bytesMax;
        this.keptBytes = keptBytes;
        this.allBytes = allBytes;
    }

    HistoryStretch stretch() {
        return stretch;
    }

    /** Whether the page begins before what is kept, as came out when the end was reached. */
    boolean isToBeReadAgain() {
        return keptBytes >= 0 && allBytes == UNKNOWN && sentBytes > keptBytes;
    }

    /** The reader of the same page that knows how much there is. */
    HistoryPageReader again() {
        return new HistoryPageReader(stretch, pushes, countMax, bytesMax, keptBytes, sentBytes);
    }

    @Override
    public void beginRecord(long offset, long timestampMs) {
        recordMs = timestampMs;
    }

    @Override
    public boolean isEnough() {
        return more && (keptBytes < 0 || allBytes != UNKNOWN);
    }

    @Override
    public void message(Delivery delivery) {
        if (!stretch.holds(delivery)) {
            return;
        }
        if (recordMs < stretch.notBeforeMs()) {
            dropped = true;
            return;
        }
        int bytes = delivery.message().payload().length;
        boolean kept = keptBytes < 0 || allBytes == UNKNOWN || allBytes - sentBytes <= keptBytes;
        sentBytes += bytes;
        if (!kept) {
            dropped = true;
        } else if (more || found.size() == countMax || !found.isEmpty() && foundBytes + bytes > bytesMax) {
            more = true;
        } else {
            found.add(pushes.history(delivery));
            foundBytes += bytes;
        }
    }

    List<SharedPush> found() {
        return found;
    }

    /** Whether something that was asked for is no longer kept. */
    boolean isDropped() {
        return dropped;
    }

    /** Whether there is more after the page. */
    boolean isMore() {
        return more;
    }
}
