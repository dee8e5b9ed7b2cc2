package dev.convene.runtime.host;

import dev.convene.runtime.host.log.LogReader;

/**
 * Whether a reader's thread goes on, as somebody sees it who looks at it now and then from another thread: the one that
 * beats. Only time between two looks counts, so a process that was stopped as a whole does not seem to stand still. One
 * thread looks.
 */
final class Pulse {
    /** A thread that has done nothing for so long stands still, milliseconds. An idle one comes round every 100 ms. */
    static final long STUCK_MS = 1000;
    /** What one look adds at most, milliseconds. */
    private static final long LOOK_MAX_MS = 600;

    private final LogReader reader;
    private long progress = -1;
    private long lookedMs;
    private long stoodMs;

    Pulse(LogReader reader) {
        this.reader = reader;
    }

    /** Looks; whether the thread has ended or stands still. */
    boolean isStuck(long nowMs) {
        long present = reader.progress();
        if (present == progress) {
            stoodMs += Math.min(nowMs - lookedMs, LOOK_MAX_MS);
        } else {
            progress = present;
            stoodMs = 0;
        }
        lookedMs = nowMs;
        return reader.failure() != null || stoodMs >= STUCK_MS;
    }
}
