package dev.convene.runtime.host.beat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known from the beats that were read, without a clock or a thread of its own. Times are monotonic milliseconds.
 * Thread-safe.
 *
 * <p>Silence counts only while one's own beats come through: an instance that was stopped, or cut off, or that waits for
 * the broker with all others, has not heard anybody and must not think that all the others are dead. After such a gap
 * the watch begins anew.
 */
public final class BeatBook {
    /** Sent beats whose way is remembered. */
    private static final int SENT_MAX = 64;
    /** Lives that are remembered; the longest silent goes first. */
    private static final int LIVES_MAX = 10_000;

    /** A run is over after the time of so many beats without one. */
    private static final int TWIN_BEATS = 4;

    private record Seen(Beat beat, long atMs) {}

    private final Life self;
    private final long intervalMs;
    /** By life; the one that was heard last is last. */
    private final Map<String, Seen> seen = new LinkedHashMap<>();

    private final Map<Long, Long> sentMs = new LinkedHashMap<>();
    private long newestOwnSentMs;
    private long newestOwnReadMs;
    private long watchSinceMs;
    private long firstOwnReadMs;
    private boolean watching;

    /** @param intervalMs how often instances beat */
    public BeatBook(Life self, long intervalMs) {
        this.self = self;
        this.intervalMs = intervalMs;
    }

    /** A beat of one's own was given to the writer. */
    public synchronized void sent(long number, long nowMs) {
        sentMs.put(number, nowMs);
        if (sentMs.size() > SENT_MAX) {
            sentMs.remove(sentMs.keySet().iterator().next());
        }
    }

    /**
     * A beat was read.
     *
     * @param brokerMs its time in the log
     * @param nowMs when it was read
     */
    public synchronized void read(Beat beat, long brokerMs, long nowMs) {
        String life = beat.life().toString();
        seen.remove(life);
        // Until the first beat of one's own has come through the times are the broker's; it converts them.
        seen.put(life, new Seen(beat, watching ? nowMs : brokerMs));
        if (seen.size() > LIVES_MAX) {
            seen.remove(seen.keySet().iterator().next());
        }
        if (beat.life().equals(self)) {
            readOwn(beat.number(), brokerMs, nowMs);
        }
    }

    private void readOwn(long number, long brokerMs, long nowMs) {
        Long sent = sentMs.remove(number);
        newestOwnSentMs = sent == null ? nowMs - intervalMs : Math.max(newestOwnSentMs, sent);
        if (!watching) {
            watching = true;
            firstOwnReadMs = nowMs;
            watchSinceMs = nowMs;
            seen.replaceAll((life, s) -> new Seen(s.beat, nowMs - Math.max(0, brokerMs - s.atMs)));
        } else if (nowMs - newestOwnReadMs > 2 * intervalMs) {
            watchSinceMs = nowMs;
        }
        newestOwnReadMs = nowMs;
    }

    /** Whether a beat of one's own that was sent just now has been read back: what was appended before is read too. */
    public synchronized boolean ownComesThrough(long nowMs) {
        return watching && nowMs - newestOwnSentMs <= intervalMs * 3 / 2;
    }

    /** How long ago the newest beat of one's own was sent that has been read back, milliseconds; very long before the first. */
    public synchronized long ownOutMs(long nowMs) {
        return watching ? nowMs - newestOwnSentMs : Long.MAX_VALUE;
    }

    /** For how long the beats have been watched without a gap, milliseconds; 0 if they are not at present. */
    public synchronized long watchedMs(long nowMs) {
        return ownComesThrough(nowMs) ? nowMs - watchSinceMs : 0;
    }

    /** For how long nothing was read of this life while watching, milliseconds; 0 while one's own beats are out. */
    public synchronized long silentMs(String life, long nowMs) {
        return ownComesThrough(nowMs) ? sinceMs(seen.get(life), nowMs) : 0;
    }

    /** As {@link #silentMs(String, long)}, for the life that serves as this gateway life. */
    public synchronized long silentMs(long incarnation, long nowMs) {
        if (!ownComesThrough(nowMs)) {
            return 0;
        }
        Seen found = null;
        for (Seen one : seen.values()) {
            if (one.beat.incarnation() == incarnation) {
                found = one;
            }
        }
        return sinceMs(found, nowMs);
    }

    /**
     * For how long nothing was read of anybody who can hold shards of this log and does not go down, while watching,
     * milliseconds; 0 while one's own beats are out.
     */
    public synchronized long holdersSilentMs(String log, long nowMs) {
        if (!ownComesThrough(nowMs)) {
            return 0;
        }
        Seen found = null;
        for (Seen one : seen.values()) {
            if (!one.beat.leaving() && one.beat.logs().contains(log)) {
                found = one;
            }
        }
        return sinceMs(found, nowMs);
    }

    /**
     * Another run of this instance's name that goes on beside this one, or null. One that has ended may be read for a moment
     * after the watch began.
     */
    public synchronized @Nullable Life twin(long nowMs) {
        Life found = null;
        for (Seen one : seen.values()) {
            Life life = one.beat.life();
            if (watching
                    && life.instance().equals(self.instance())
                    && !life.equals(self)
                    && !one.beat.leaving()
                    && one.atMs > watchSinceMs + TWIN_BEATS * intervalMs
                    && nowMs - one.atMs <= TWIN_BEATS * intervalMs) {
                found = life;
            }
        }
        return found;
    }

    private long sinceMs(@Nullable Seen last, long nowMs) {
        return nowMs - (last == null ? watchSinceMs : Math.max(last.atMs, watchSinceMs));
    }

    /**
     * Whether this life was silent for so long already when one's own first beat was read, by the broker's clock, and has
     * not been heard since.
     */
    public synchronized boolean wasSilentAtStart(String life, long forMs) {
        Seen last = seen.get(life);
        return watching && (last == null || firstOwnReadMs - last.atMs >= forMs);
    }

    /** The last beat of this life, or null. */
    public synchronized @Nullable Beat last(String life) {
        Seen last = seen.get(life);
        return last == null ? null : last.beat;
    }

    /** The last beats of the lives that were heard within this time, at most one for each instance, the newest life. */
    public synchronized List<Beat> heardWithin(long forMs, long nowMs) {
        Map<String, Beat> byInstance = new LinkedHashMap<>();
        if (watching) {
            for (Seen one : seen.values()) {
                if (nowMs - one.atMs <= forMs) {
                    byInstance.put(one.beat.life().instance(), one.beat);
                }
            }
        }
        return new ArrayList<>(byInstance.values());
    }

    /** The newest beats of all lives that are remembered, those that end included, the last heard last. */
    public synchronized List<Beat> all() {
        return seen.values().stream().map(Seen::beat).toList();
    }
}
