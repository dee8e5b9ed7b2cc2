package dev.convene.runtime.host.beat;

/**
 * Whether the broker is there, as one's own beats tell: they are appended and read back twice a second, whoever asks or does
 * not ask anything. Without a clock or a thread of its own; times are monotonic milliseconds. Belongs to the thread that
 * looks.
 */
final class BrokerWatch {
    /** Twice the time between two beats, and a little for their way: with none back for so long the broker is away. */
    static final long SILENCE_MS = 2 * Beats.INTERVAL_MS + 200;

    /** What there is to say after a look. */
    enum News {
        NONE,
        AWAY,
        BACK
    }

    private boolean doubtful;
    private boolean away;
    private long doubtfulMs;
    private long awayMs;

    /** @param outMs how long ago the newest of one's own beats was sent that has come through */
    News look(long outMs, long nowMs) {
        if (outMs <= SILENCE_MS) {
            boolean was = away;
            doubtful = false;
            away = false;
            return was ? News.BACK : News.NONE;
        }
        if (!doubtful) {
            // Perhaps it was this process that stood still: then the next beats are back at once.
            doubtful = true;
            doubtfulMs = nowMs;
        }
        if (away || nowMs - doubtfulMs < Beats.INTERVAL_MS) {
            return News.NONE;
        }
        away = true;
        awayMs = nowMs - outMs;
        return News.AWAY;
    }

    /** Since when the broker is or was away. */
    long awayMs() {
        return awayMs;
    }
}
