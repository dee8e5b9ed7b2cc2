package dev.convene.gateway.adapter.ws;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of frames that have not come whole, over all connections, and how many there may be. Thread-safe. */
public final class FrameBudget {
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();

    /** @param bytesMax most bytes of unfinished frames over all connections */
    public FrameBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** How many there are. */
    public long bytes() {
        return bytes.get();
    }

    /** Counts so many more, or fewer; false if there are now too many and more were added. */
    boolean add(long delta) {
        return bytes.addAndGet(delta) <= bytesMax || delta <= 0;
    }
}
