package dev.convene.gateway.core.session;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps a session's requests in the order of their calls when one has to wait for something: what comes after it waits behind
 * it. Bounded. Thread-safe; steps run one at a time.
 */
public final class Lane {
    /** One request. */
    public interface Step {
        /** What has to be done before it can go; asked when everything before it has gone. */
        CompletableFuture<?> ready();

        /** Sends it. Only if {@link #ready} succeeded. */
        void go();

        /** It cannot go. */
        void failed(Throwable reason);
    }

    private final int countMax;
    private final ArrayDeque<Step> waiting = new ArrayDeque<>();
    private boolean running;

    Lane(int countMax) {
        this.countMax = countMax;
    }

    /** Lets the step go in its turn. */
    public void enter(Step step) {
        boolean full;
        synchronized (this) {
            full = waiting.size() >= countMax;
            if (!full) {
                waiting.addLast(step);
            }
        }
        if (full) {
            step.failed(new ConveneException(ErrorCode.TOO_MANY_OUTSTANDING));
        } else {
            run();
        }
    }

    private void run() {
        while (true) {
            Step step;
            synchronized (this) {
                step = waiting.peekFirst();
                if (running || step == null) {
                    return;
                }
                running = true;
            }
            CompletableFuture<?> ready = readiness(step);
            if (!ready.isDone()) {
                ready.whenComplete((nothing, e) -> {
                    pass(step, e);
                    run();
                });
                return;
            }
            pass(step, ready.isCompletedExceptionally() ? ready.exceptionNow() : null);
        }
    }

    private static CompletableFuture<?> readiness(Step step) {
        try {
            return step.ready();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void pass(Step step, @org.jspecify.annotations.Nullable Throwable failure) {
        try {
            if (failure == null) {
                step.go();
            } else {
                step.failed(failure);
            }
        } catch (RuntimeException e) {
            step.failed(e);
        } finally {
            synchronized (this) {
                waiting.removeFirst();
                running = false;
            }
        }
    }
}
