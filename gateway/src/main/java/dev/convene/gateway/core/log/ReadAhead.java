package dev.convene.gateway.core.log;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was read from the log for sessions that catch up and has not been given to them, over the whole gateway. Something
 * that several sessions wait for is counted once. Thread-safe.
 */
public final class ReadAhead {
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();

    public ReadAhead(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Something that is held by so many, until each of them has {@linkplain Share#release() released} it. */
    public Share share(long size, int holders) {
        bytes.addAndGet(size);
        return new Share(size, holders);
    }

    /** Whether nothing more is to be read. */
    public boolean isFull() {
        return bytes.get() >= bytesMax;
    }

    /** Whether it is worth while to begin reading. */
    public boolean hasRoom() {
        return bytes.get() < bytesMax / 2;
    }

    /** Bytes that are held. */
    public long bytes() {
        return bytes.get();
    }

    /** Something that was read, for all who hold it. */
    public final class Share {
        private final long size;
        private final AtomicInteger holders;

        private Share(long size, int holders) {
            this.size = size;
            this.holders = new AtomicInteger(holders);
        }

        /** One of them holds it no longer. */
        public void release() {
            if (holders.decrementAndGet() == 0) {
                bytes.addAndGet(-size);
            }
        }
    }
}
