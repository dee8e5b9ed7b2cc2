package dev.convene.gateway.core.group;

import dev.convene.gateway.core.delivery.Pushes;
import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.gateway.core.log.GroupLog;
import dev.convene.group.Delivery;
import dev.convene.protocol.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers the newest so many messages of a stretch; of these it holds the newest that fit, and knows of the others where
 * they begin.
 */
final class NewestMessages implements GroupLog.Replay {
    /** @param after the position of the message before it that was passed over, or where the stretch begins */
    private record Wanted(Position after, int bytes) {}

    private final HistoryStretch stretch;
    private final Pushes pushes;
    private final int count;
    private final long keptBytes;
    private final long bytesMax;
    private final ArrayDeque<SharedPush> found = new ArrayDeque<>();
    private final ArrayDeque<Wanted> wanted = new ArrayDeque<>();

    private Position last;
    private long foundBytes;
    private long wantedBytes;
    private long recordMs;
    private boolean dropped;
    private boolean passedOver;

    /**
     * @param count how many are wanted
     * @param keptBytes the newest messages that together have at most so many bytes of bodies are kept; -1 for all
     * @param bytesMax most bytes of bodies that are held, unless the newest message alone has more
     */
    NewestMessages(HistoryStretch stretch, Pushes pushes, int count, long keptBytes, long bytesMax) {
        this.stretch = stretch;
        this.pushes = pushes;
        this.count = count;
        this.keptBytes = keptBytes;
        this.bytesMax = keptBytes < 0 ? bytesMax : Math.min(bytesMax, keptBytes);
        this.last = stretch.after();
    }

    HistoryStretch stretch() {
        return stretch;
    }

    @Override
    public void beginRecord(long offset, long timestampMs) {
        recordMs = timestampMs;
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
        want(bytes);
        last = delivery.at();
        found.addLast(pushes.history(delivery));
        foundBytes += bytes;
        while (isTooMany() || foundBytes > bytesMax && found.size() > (keptBytes < 0 ? 1 : 0)) {
            foundBytes -= Pushes.bodyBytes(found.removeFirst());
        }
    }

    private boolean isTooMany() {
        return found.size() > count;
    }

    private void want(int bytes) {
        wanted.addLast(new Wanted(last, bytes));
        wantedBytes += bytes;
        if (wanted.size() > count) {
            passedOver = true;
            wantedBytes -= wanted.removeFirst().bytes;
        }
        while (keptBytes >= 0 && wantedBytes > keptBytes && !wanted.isEmpty()) {
            dropped = true;
            wantedBytes -= wanted.removeFirst().bytes;
        }
    }

    /** Whether as many as are wanted were there, or all that are kept: to look further back finds nothing more. */
    boolean isWhole() {
        return wanted.size() == count || dropped;
    }

    /** Whether all of the number that is wanted are held. */
    boolean isHeld() {
        return found.size() == wanted.size();
    }

    /** Whether there are more than are wanted. */
    boolean isPassedOver() {
        return passedOver;
    }

    /** Whether as many as are wanted are there, and maybe more. */
    boolean mayHaveMore() {
        return passedOver || wanted.size() == count;
    }

    /** After which position those that are wanted begin. */
    Position after() {
        Wanted first = wanted.peekFirst();
        return first == null ? last : first.after;
    }

    List<SharedPush> found() {
        return new ArrayList<>(found);
    }

    /** Whether some of those that are wanted are no longer kept. */
    boolean isDropped() {
        return dropped;
    }
}
