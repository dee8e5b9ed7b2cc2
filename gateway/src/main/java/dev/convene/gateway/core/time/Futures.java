package dev.convene.gateway.core.time;

import java.util.concurrent.CompletableFuture;

/** What {@link CompletableFuture} lacks. */
public final class Futures {
    private Futures() {}

    /** Lets a future end as another one does, unless it has ended before. */
    public static <T> void pass(CompletableFuture<T> from, CompletableFuture<? super T> to) {
        from.whenComplete((value, e) -> {
            if (e == null) {
                to.complete(value);
            } else {
                to.completeExceptionally(e);
            }
        });
    }
}
