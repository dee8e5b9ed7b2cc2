package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.time.TokenBucket;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast everybody who catches up is served, all together: what is live has the rest of the machine. What was not used for a
 * moment can be used at once. Not thread-safe.
 */
final class Pace {
    /** What can be used at once is what comes together in this time. */
    private static final long SAVED_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final long bytesPerSecond;
    private final LongSupplier nanos;
    private final TokenBucket bucket;

    /** @param bytesPerSecond 1 or more */
    Pace(long bytesPerSecond, LongSupplier nanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanos = nanos;
        this.bucket = new TokenBucket(
                bytesPerSecond, (double) bytesPerSecond * SAVED_NANOS / TimeUnit.SECONDS.toNanos(1), nanos.getAsLong());
    }

    /** Whether something may be given now, however large. */
    boolean allows() {
        return bucket.hasAny() || bucket.hasAny(nanos.getAsLong());
    }

    /** What is given in this time. */
    long bytesIn(long ms) {
        return (long) (bytesPerSecond * (ms / 1000.0));
    }

    /** Something was given; what follows waits for it. */
    void gave(int bytes) {
        bucket.take(bytes);
    }
}
