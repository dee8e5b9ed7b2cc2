package dev.convene.gateway.core.delivery;

import dev.convene.protocol.Position;
import org.jspecify.annotations.Nullable;

/**
 * The part of one replay in what one session wants. It takes no more than may wait for that session; where it has to stop
 * another replay goes on. For the replay's thread.
 */
final class Leg {
    private final Want want;
    private final long bytesMax;
    private Position reached;
    private @Nullable Position stopped;

    /** @param bytesMax how much may be gathered and not given yet */
    Leg(Want want, long bytesMax) {
        this.want = want;
        this.bytesMax = bytesMax;
        this.reached = want.from();
    }

    Want want() {
        return want;
    }

    /** Whether what stands there is wanted and can be taken. */
    boolean covers(Position at) {
        return stopped == null && at.isAfter(want.from()) && !at.isAfter(want.until());
    }

    /** Whether it takes nothing more before something was given. */
    boolean isFull() {
        return want.joining().missedBytes() >= bytesMax;
    }

    /** Takes something; it was asked whether it {@link #covers} it. */
    void take(Parcel parcel) {
        want.joining().gathered(parcel.push().bytes());
        reached = parcel.at();
    }

    /** Ends it before this offset; nothing of a record after what was taken may have come by. */
    void stopBefore(long offset) {
        stopAfter(offset == 0 ? Position.START : new Position(offset - 1, Integer.MAX_VALUE));
    }

    /** Ends it after this position; nothing behind it and after what was taken may have come by. */
    void stopAfter(Position at) {
        stop(at.isAfter(reached) ? at : reached);
    }

    /** Ends it after what was taken last. */
    void stop() {
        stop(reached);
    }

    private void stop(Position at) {
        if (stopped == null) {
            stopped = at;
        }
    }

    boolean isStopped() {
        return stopped != null;
    }

    /** What is left to be replayed; null if it was taken whole. */
    @Nullable Want rest() {
        return stopped == null || !want.until().isAfter(stopped) ? null : want.after(stopped);
    }
}
