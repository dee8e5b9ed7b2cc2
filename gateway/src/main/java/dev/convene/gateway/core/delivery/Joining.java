package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.log.ReadAhead;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a receiver and the live stream of a partition: history, then what it missed, then what came meanwhile.
 * Each part is bounded by bytes. For the tail's thread, but for what a replay asks.
 */
final class Joining {
    /** @param share what is released when it was given; null if it is not counted */
    private record Missed(Parcel parcel, ReadAhead.@Nullable Share share) {
        void release() {
            if (share != null) {
                share.release();
            }
        }
    }

    /** Replays and histories that have not been gathered whole; while there is one, what came live waits. */
    int gates;
    /** What came live after this waits in the line; everything up to it is replayed. */
    Position until;
    /** What was found missing and not asked for yet. */
    @Nullable Want prepared;
    /** A replay that has gathered as much as may wait; it goes on when that was given. */
    @Nullable Want paused;

    private final ArrayDeque<SharedPush> history = new ArrayDeque<>(0);
    private final ArrayDeque<Missed> missed = new ArrayDeque<>();
    private final List<ReadAhead.Share> historyShares = new ArrayList<>(0);
    private final ArrayDeque<Parcel> line = new ArrayDeque<>(0);
    /** Bytes of what was gathered by a replay and not given yet. */
    private final AtomicLong missedBytes = new AtomicLong();

    private long historyBytes;
    private long lineBytes;
    private boolean overrun;
    private volatile boolean over;

    Joining(Position until) {
        this.until = until;
    }

    /** Nobody gets anything of it any longer. */
    void end() {
        over = true;
        missed.forEach(Missed::release);
        missed.clear();
        releaseHistory();
    }

    private void releaseHistory() {
        historyShares.forEach(ReadAhead.Share::release);
        historyShares.clear();
    }

    /** Whether nobody gets anything of it any longer. Any thread. */
    boolean isOver() {
        return over;
    }

    /** Counts what a replay has gathered for it. The replay's thread. */
    void gathered(int bytes) {
        missedBytes.addAndGet(bytes);
    }

    /** Bytes of what was gathered by a replay and not given yet. Any thread. */
    long missedBytes() {
        return missedBytes.get();
    }

    /** Something that was missed has come; it was counted when it was {@link #gathered}. */
    void addMissed(Parcel parcel, ReadAhead.@Nullable Share share) {
        missed.addLast(new Missed(parcel, share));
    }

    /**
     * The newest of these that fit are to be given first.
     *
     * @return how many
     */
    int addHistory(List<SharedPush> pushes, long bytesMax, ReadAhead ahead) {
        int from = pushes.size();
        long bytes = historyBytes;
        while (from > 0 && bytes + pushes.get(from - 1).bytes() <= bytesMax) {
            bytes += pushes.get(--from).bytes();
        }
        history.addAll(pushes.subList(from, pushes.size()));
        if (bytes > historyBytes) {
            historyShares.add(ahead.share(bytes - historyBytes, 1));
        }
        historyBytes = bytes;
        return pushes.size() - from;
    }

    /** Something came live. When the line is too long it is given up: what came live is then read from the log, too. */
    void addLive(Parcel parcel, long bytesMax) {
        if (overrun) {
            return;
        }
        lineBytes += parcel.push().bytes();
        line.addLast(parcel);
        if (lineBytes > bytesMax) {
            overrun = true;
            line.clear();
            lineBytes = 0;
        }
    }

    /** The line was given up and everything up to this is replayed instead; a new line begins. */
    void replayUpTo(Position newUntil) {
        until = newUntil;
        overrun = false;
        gates++;
    }

    /** What is next; null if nothing is there or its turn has not come. */
    @Nullable SharedPush peek() {
        SharedPush old = history.peekFirst();
        if (old != null) {
            return old;
        }
        if (isReplayed() && !overrun) {
            Parcel next = line.peekFirst();
            return next == null ? null : next.push();
        }
        Missed next = missed.peekFirst();
        return next == null ? null : next.parcel.push();
    }

    /** Whether everything up to {@link #until} was given. */
    boolean isReplayed() {
        return gates == 0 && missed.isEmpty() && history.isEmpty();
    }

    /** Whether what came live while this was replayed has to be replayed, too. */
    boolean isOverrun() {
        return overrun;
    }

    /** Whether nothing is left, so that the receiver is live. */
    boolean isDone() {
        return isReplayed() && !overrun && line.isEmpty();
    }

    /** The oldest of what was missed, of which there is something. */
    Parcel takeMissed() {
        Missed first = missed.removeFirst();
        first.release();
        missedBytes.addAndGet(-first.parcel.push().bytes());
        return first.parcel;
    }

    /** Gives what {@link #peek} has shown. */
    void giveNext(Courier courier, Receiver receiver, LocalSession session, Place place) {
        SharedPush old = history.pollFirst();
        if (old != null) {
            historyBytes -= old.bytes();
            if (history.isEmpty()) {
                releaseHistory();
            }
            courier.enqueue(receiver, session, old);
            return;
        }
        Parcel next;
        if (isReplayed()) {
            next = line.removeFirst();
            lineBytes -= next.push().bytes();
        } else {
            next = takeMissed();
        }
        place.reached = next.at();
        courier.pass(receiver, place, next);
    }
}
