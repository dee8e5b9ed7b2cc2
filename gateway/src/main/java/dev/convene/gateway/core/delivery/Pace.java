package dev.convene.gateway.core.delivery;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast everybody who catches up is served, all together: what is live has the rest of the machine. What was not used for a
 * moment can be used at once. Not thread-safe.
 */
final class Pace {
    /** What can be used at once is what comes together in this time. */
    private static final long SAVED_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final LongSupplier nanos;
    private final double bytesPerNano;
    private final double savedMax;
    private double allowance;
    private long refilledNanos;

    /** @param bytesPerSecond 1 or more */
    Pace(long bytesPerSecond, LongSupplier nanos) {
        this.nanos = nanos;
        this.bytesPerNano = (double) bytesPerSecond / TimeUnit.SECONDS.toNanos(1);
        this.savedMax = bytesPerNano * SAVED_NANOS;
        this.allowance = savedMax;
        this.refilledNanos = nanos.getAsLong();
    }

    /** Whether something may be given now, however large. */
    boolean allows() {
        if (allowance <= 0) {
            long now = nanos.getAsLong();
            allowance = Math.min(savedMax, allowance + bytesPerNano * (now - refilledNanos));
            refilledNanos = now;
        }
        return allowance > 0;
    }

    /** Something was given; what follows waits for it. */
    void gave(int bytes) {
        allowance -= bytes;
    }
}
