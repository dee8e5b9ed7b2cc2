package dev.convene.runtime;

import org.jspecify.annotations.Nullable;

/** What surrounds a shard. Everything here is part of the replicated state; used by the shard's thread only. */
public interface ShardContext {

    /** Time during which the shard was served, in milliseconds; moved by ticks only. */
    long servedMs();

    /** Wall-clock time in milliseconds since 1970; moved by ticks only, never backwards, 0 before the first tick. */
    long wallMs();

    /** The behaviour version that is switched on. */
    int behaviour();

    /** The session with this id if it is attached here. */
    @Nullable Attachment session(long id);

    /** The session with this private name if it is attached here. */
    @Nullable Attachment session(String privateName);

    /**
     * Sets a timer on served time.
     *
     * <p>The delay counts from the next tick, which the owner appends soon after, so a timer is never early; it is late
     * by the owner's tick resolution at most.
     *
     * @param delayMs how long, at least 0
     * @return the timer's id
     */
    long after(long delayMs, int kind, long key);

    /**
     * Sets a timer on wall time.
     *
     * @param wallMs when, in milliseconds since 1970; a moment that has passed is due at the next tick
     */
    long at(long wallMs, int kind, long key);

    /** Cancels a timer; one that is not there is ignored. */
    void cancel(long timerId);
}
