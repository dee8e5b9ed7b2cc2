package dev.convene.groupservice.core.liveness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * Picks the gateway lives that have been silent for too long. A life's time begins when it is first seen here, since a new
 * one has had no chance to beat, and a new owner does not know what was before it.
 *
 * <p>Times are milliseconds of any clock that never goes back. Not thread-safe.
 */
public final class GatewayWatch {
    private final long silenceMaxMs;
    private final Map<Long, Long> firstSeenMs = new HashMap<>();

    /** @param silenceMaxMs how long a life may be silent */
    public GatewayWatch(long silenceMaxMs) {
        this.silenceMaxMs = silenceMaxMs;
    }

    /**
     * Which of these lives to declare lost.
     *
     * @param lives those that count at present, in order; all others are forgotten
     * @param silentMs for how long a life has been silent; 0 while that cannot be known, because one's own beats are out
     */
    public List<Long> lost(Collection<Long> lives, long nowMs, LongUnaryOperator silentMs) {
        firstSeenMs.keySet().retainAll(lives);
        List<Long> lost = new ArrayList<>();
        for (long life : lives) {
            long firstSeen = firstSeenMs.computeIfAbsent(life, unseen -> nowMs);
            if (Math.min(nowMs - firstSeen, silentMs.applyAsLong(life)) >= silenceMaxMs) {
                lost.add(life);
            }
        }
        return lost;
    }

    /** Begins anew, as after a time during which somebody else was watching. */
    public void reset() {
        firstSeenMs.clear();
    }
}
