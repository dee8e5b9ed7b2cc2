package dev.convene.gateway.adapter.ws;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of frames that have not come whole, over all connections, and how many there may be. When there are too many it is
 * those who hold much that are refused more, so that nobody is cut for what others leave unfinished. Thread-safe.
 */
public final class FrameBudget {
    /** What every connection may hold. */
    static final long SMALL = 4096;

    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger holders = new AtomicInteger();

    /**
     * @param bytesMax most bytes of unfinished frames over all connections; from half of it on no connection may hold more
     *     than its share
     */
    public FrameBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** How many there are. */
    public long bytes() {
        return bytes.get();
    }

    /**
     * Counts what a connection holds more, or less.
     *
     * @param before what it held
     * @param now what it holds
     * @return whether it may hold that
     */
    boolean hold(long before, long now) {
        if (now == before) { // as with each frame that is no fragment: what all connections share is left alone
            return true;
        }
        if ((before == 0) != (now == 0)) {
            holders.addAndGet(now == 0 ? -1 : 1);
        }
        long all = bytes.addAndGet(now - before);
        if (now <= before || now <= SMALL || all <= bytesMax / 2) {
            return true;
        }
        return all <= bytesMax && now <= bytesMax / 2 / Math.max(1, holders.get());
    }
}
