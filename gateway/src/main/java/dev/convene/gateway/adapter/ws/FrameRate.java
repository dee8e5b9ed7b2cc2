package dev.convene.gateway.adapter.ws;

import java.util.concurrent.TimeUnit;

/** A token bucket: how many frames a connection may still send. Not thread-safe. */
final class FrameRate {
    private final double perNano;
    private final double burst;
    private double tokens;
    private long filledAtNanos;

    FrameRate(int perSecond, int burst, long nowNanos) {
        this.perNano = perSecond / (double) TimeUnit.SECONDS.toNanos(1);
        this.burst = burst;
        this.tokens = burst;
        this.filledAtNanos = nowNanos;
    }

    /** Counts one frame; false if it is one too many. */
    boolean take(long nowNanos) {
        tokens = Math.min(burst, tokens + (nowNanos - filledAtNanos) * perNano);
        filledAtNanos = nowNanos;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
