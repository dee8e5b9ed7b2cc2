package dev.convene.gateway.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** For each partition the newest message of a session that has no answer yet. Thread-safe. */
public final class OpenSends {
    private record Open(int partition, CompletableFuture<?> answer) {}

    private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);

    private final List<Open> open = new ArrayList<>(1);

    /** A message was handed on. */
    public synchronized void sent(int partition, CompletableFuture<?> answer) {
        open.removeIf(one -> one.partition == partition);
        open.add(new Open(partition, answer));
    }

    /** Completes, never exceptionally, when no message to another partition is unanswered. */
    public synchronized CompletableFuture<?> othersDone(int partition) {
        CompletableFuture<?> all = NOTHING;
        for (Open one : open) {
            if (one.partition != partition && !one.answer.isDone()) {
                CompletableFuture<?> answered = one.answer.handle((answer, e) -> null);
                all = all == NOTHING ? answered : CompletableFuture.allOf(all, answered);
            }
        }
        return all;
    }
}
