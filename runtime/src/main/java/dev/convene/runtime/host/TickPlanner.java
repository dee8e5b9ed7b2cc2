package dev.convene.runtime.host;

import dev.convene.runtime.machine.MachineLimits;
import dev.convene.runtime.machine.MachineView;

/**
 * When an owner appends a tick, and with which served time. Pure; times are monotonic milliseconds unless they say
 * otherwise.
 *
 * <p>Served time goes on where the last applied tick has left it. When the machine took less of a tick than it said (an
 * outage does not count), the clock is set back to what the machine has, so the outage never comes in by later ticks.
 */
final class TickPlanner {
    /** Two ticks are at least so far apart, milliseconds: many timers set at a time share one. */
    static final long APART_MS = 10;

    /**
     * What is due in a machine, {@link Long#MAX_VALUE} for never.
     *
     * @param unstamped whether a timer waits for a tick to begin its delay
     * @param servedMs when something is due in served time
     * @param wallMs when something is due in wall time, milliseconds since 1970
     */
    record Due(boolean unstamped, long servedMs, long wallMs) {
        static Due of(MachineView view) {
            return new Due(view.hasUnstampedTimers(), view.nextServedMs(), view.nextWallMs());
        }
    }

    private long baseServedMs;
    private long baseMs;
    private long lastMs = Long.MIN_VALUE / 2;
    private long lastServedMs;
    private boolean onTheWay;
    /** The offset of the tick on its way; -1 while that is not known. */
    private long offset = -1;

    /** The instance is the owner from now on. */
    void begin(long servedMs, long nowMs) {
        baseServedMs = servedMs;
        baseMs = nowMs;
        onTheWay = false;
        offset = -1;
    }

    /** Served time as the owner counts it. */
    long servedMs(long nowMs) {
        return baseServedMs + Math.max(0, nowMs - baseMs);
    }

    /** A tick was given to the writer. */
    void sent(long servedMs, long nowMs) {
        onTheWay = true;
        offset = -1;
        lastMs = nowMs;
        lastServedMs = servedMs;
    }

    /** It stands at this offset. */
    void acknowledged(long at) {
        offset = at;
    }

    /** It was not acknowledged; another one is planned. */
    void failed() {
        onTheWay = false;
    }

    /** The machine has applied everything below this offset, and has this served time. */
    void applied(long nextOffset, long servedMs, long nowMs) {
        if (onTheWay && offset >= 0 && nextOffset > offset) {
            onTheWay = false;
            if (servedMs < lastServedMs) {
                begin(servedMs, nowMs);
            }
        }
    }

    /**
     * In how many milliseconds a tick is to be appended: 0 for now, {@link Long#MAX_VALUE} if nothing is due. Wall time
     * alone needs no ticks on the way, since its ticks are not cut.
     *
     * @param wallMs milliseconds since 1970
     */
    long waitMs(Due due, long nowMs, long wallMs) {
        if (onTheWay) {
            return Long.MAX_VALUE;
        }
        long wait = Long.MAX_VALUE;
        if (due.unstamped) {
            wait = 0;
        }
        if (due.servedMs != Long.MAX_VALUE) {
            wait = Math.min(wait, Math.max(0, due.servedMs - servedMs(nowMs)));
            wait = Math.min(wait, Math.max(0, lastMs + MachineLimits.TICK_INTERVAL_MS - nowMs));
        }
        if (due.wallMs != Long.MAX_VALUE) {
            wait = Math.min(wait, Math.max(0, due.wallMs - wallMs));
        }
        return wait == Long.MAX_VALUE ? wait : Math.max(wait, lastMs + APART_MS - nowMs);
    }
}
