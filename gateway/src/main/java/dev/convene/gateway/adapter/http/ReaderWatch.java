package dev.convene.gateway.adapter.http;

import dev.convene.gateway.core.session.LocalSession;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Sees that the reader of a stream goes on: one that takes nothing while something waits is cut, and its client comes back
 * where it was. Thread-safe.
 */
final class ReaderWatch {
    /** How many looks make the longest wait. */
    private static final int LOOKS = 3;

    private final LocalSession session;
    private final Runnable cut;
    private final Duration timeout;
    private final AtomicLong asked = new AtomicLong();
    private volatile Disposable looking = Disposables.disposed();
    private long askedThen;
    private int standing;

    /** @param cut closes the connection */
    ReaderWatch(LocalSession session, Runnable cut, Duration timeout) {
        this.session = session;
        this.cut = cut;
        this.timeout = timeout;
    }

    void begin() {
        Scheduler timer = Schedulers.parallel();
        long everyMs = Math.max(1, timeout.toMillis() / LOOKS);
        looking = timer.schedulePeriodically(this::look, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }

    void end() {
        looking.dispose();
    }

    /** The reader asks for what waits: it has taken what it was given before. */
    void asks() {
        asked.incrementAndGet();
    }

    private void look() {
        long now = asked.get();
        boolean stands = now == askedThen
                && session.queue().total() > 0
                && !session.longPoll().isWaiting();
        standing = stands ? standing + 1 : 0;
        askedThen = now;
        if (standing == LOOKS) {
            cut.run();
        }
    }
}
