package dev.convene.systemtests.host;

import dev.convene.runtime.host.ReplicaStatus;
import java.time.Duration;

/** Measures a takeover and names its parts. */
final class TakeoverClock {
    private final CounterLog.Member successor;
    private final Thread watcher;
    private volatile long stoppedNanos;
    private volatile long ownedNanos;
    private long answeredNanos;

    TakeoverClock(CounterLog.Member successor) {
        this.successor = successor;
        this.watcher = Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        long deadline = System.nanoTime() + CounterLog.PATIENCE.toNanos();
        while (System.nanoTime() < deadline && !successor.host().owns(0)) {
            Thread.onSpinWait();
            Thread.yield();
        }
        ownedNanos = System.nanoTime();
    }

    void stopped() {
        stoppedNanos = System.nanoTime();
    }

    void answered() {
        answeredNanos = System.nanoTime();
        try {
            watcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Duration total() {
        return Duration.ofNanos(answeredNanos - stoppedNanos);
    }

    String parts() {
        ReplicaStatus status = successor.host().status().getFirst();
        return "stop to owner (silence, claim, term read back) "
                + Duration.ofNanos(ownedNanos - stoppedNanos).toMillis() + " ms, owner to answer of a waiting request "
                + Duration.ofNanos(answeredNanos - ownedNanos).toMillis() + " ms, in all "
                + total().toMillis() + " ms; term " + status.term();
    }
}
