package dev.convene.gateway.core.time;

import java.util.concurrent.TimeUnit;

/**
 * How much may still be done at a rate; what is not used is saved up to a bound. Times are nanoseconds of any one clock. Not
 * thread-safe.
 */
public final class TokenBucket {
    private final double perNano;
    private final double savedMax;
    private double tokens;
    private long filledNanos;

    /** A full bucket. */
    public TokenBucket(double perSecond, double savedMax, long nowNanos) {
        this.perNano = perSecond / TimeUnit.SECONDS.toNanos(1);
        this.savedMax = savedMax;
        this.tokens = savedMax;
        this.filledNanos = nowNanos;
    }

    private void fill(long nowNanos) {
        tokens = Math.min(savedMax, tokens + (nowNanos - filledNanos) * perNano);
        filledNanos = nowNanos;
    }

    /** Takes one; false, and takes nothing, if there is no whole one. */
    public boolean tryTake(long nowNanos) {
        fill(nowNanos);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** Whether anything is left without a look at the clock. */
    public boolean hasAny() {
        return tokens > 0;
    }

    /** Whether anything is left by now. */
    public boolean hasAny(long nowNanos) {
        fill(nowNanos);
        return hasAny();
    }

    /** Takes more than there is, if need be: what is owed has to come in before anything is left again. */
    public void take(long count) {
        tokens -= count;
    }
}
