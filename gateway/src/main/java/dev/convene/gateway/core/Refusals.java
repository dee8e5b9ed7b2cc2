package dev.convene.gateway.core;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Sees to it that callers get refusals and nothing else. Thread-safe. */
final class Refusals {
    private final Consumer<Throwable> failed;

    /** @param failed told of what went wrong that should not; the client is told that it was internal */
    Refusals(Consumer<Throwable> failed) {
        this.failed = failed;
    }

    /** What goes wrong at once reaches the caller as a refusal in the future, as what goes wrong later does. */
    <T> CompletableFuture<T> guard(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(asRefusal(e));
        }
    }

    /** Taking the result back takes its source back. */
    static <T> CompletableFuture<T> cancelling(CompletableFuture<T> result, CompletableFuture<?> source) {
        result.whenComplete((value, e) -> {
            if (result.isCancelled()) {
                source.cancel(false);
            }
        });
        return result;
    }

    private ConveneException asRefusal(Throwable failure) {
        Throwable cause = ConveneException.causeOf(failure);
        if (cause instanceof ConveneException refusal) {
            return refusal;
        }
        failed.accept(cause);
        return new ConveneException(ErrorCode.INTERNAL);
    }
}
