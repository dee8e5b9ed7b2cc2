package dev.convene.gateway.adapter.http;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Says to requests that wait that this instance goes down. Thread-safe. */
public final class Draining {
    private volatile Sinks.Empty<Void> sink = Sinks.empty();
    private volatile boolean begun;

    /** It is started, maybe again: requests may wait. */
    public void end() {
        if (begun) {
            sink = Sinks.empty();
            begun = false;
        }
    }

    /** From now on nothing waits any longer. */
    public void begin() {
        begun = true;
        sink.tryEmitEmpty();
    }

    /** Who waits for it. */
    int waiting() {
        return sink.currentSubscriberCount();
    }

    /** Completes when it begins, or at once if it has begun. */
    Mono<Void> begun() {
        return sink.asMono();
    }
}
