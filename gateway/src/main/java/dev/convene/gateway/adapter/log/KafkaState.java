package dev.convene.gateway.adapter.log;

import dev.convene.gateway.core.log.LogState;
import dev.convene.runtime.host.beat.Beats;
import dev.convene.runtime.host.log.RemoteCalls;

/** Tells from the instance's own beats whether the broker is there: they are appended and read back twice a second. */
public final class KafkaState implements LogState {
    private final Beats beats;
    private final RemoteCalls appends;

    /** @param appends what stands round the appends of requests */
    public KafkaState(Beats beats, RemoteCalls appends) {
        this.beats = beats;
        this.appends = appends;
    }

    @Override
    public boolean isAway() {
        return appends.pausedMs() > 0 || beats.brokerAwayMs() > 0;
    }

    @Override
    public long pausedMs() {
        return appends.pausedMs();
    }
}
