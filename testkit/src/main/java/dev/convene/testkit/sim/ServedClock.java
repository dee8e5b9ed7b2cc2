package dev.convene.testkit.sim;

import dev.convene.runtime.machine.MachineLimits;
import dev.convene.runtime.machine.MachineView;

/** When an owner appends a tick: at once for a timer that was set, else when something is due, else every second. */
final class ServedClock {
    private long baseServedMs;
    private long baseMs;
    private long lastMs;
    private long lastServedMs;

    /** The instance owns the shard from now on. */
    void begin(long servedMs, long nowMs) {
        baseServedMs = servedMs;
        baseMs = nowMs;
        lastMs = nowMs;
        lastServedMs = servedMs;
    }

    long servedMs(long nowMs) {
        return baseServedMs + nowMs - baseMs;
    }

    boolean isDue(MachineView view, long nowMs, long wallMs) {
        return view.hasUnstampedTimers()
                || view.nextServedMs() <= servedMs(nowMs)
                || view.nextWallMs() <= wallMs
                || view.nextServedMs() != Long.MAX_VALUE && nowMs - lastMs >= MachineLimits.TICK_INTERVAL_MS;
    }

    void sent(long nowMs) {
        lastMs = nowMs;
        lastServedMs = servedMs(nowMs);
    }

    /** The machine may have taken less than the tick said: an outage does not count. */
    void applied(long servedMs, long nowMs) {
        if (servedMs < lastServedMs) {
            begin(servedMs, nowMs);
        }
    }
}
