package dev.convene.gateway.core.session;

import dev.convene.gateway.core.request.Patience;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a session's requests in the order of their calls when one has to wait for something: what comes after it waits behind
 * it. Bounded. Thread-safe; steps run one at a time.
 */
public final class Lane {
    private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);

    /** One request. */
    public interface Step {
        /** What has to be done before it can go; asked when everything before it has gone. */
        CompletableFuture<?> ready();

        /** Sends it. Only if {@link #ready} succeeded. */
        void go();

        /** It cannot go. */
        void failed(Throwable reason);
    }

    /** A step in the line. */
    private static final class Place {
        private final Step step;
        /** Completes when it has gone or has failed; null while nobody asks. */
        private @Nullable CompletableFuture<Void> over;

        private boolean givenUp;
        private boolean left;

        Place(Step step) {
            this.step = step;
        }
    }

    private final int countMax;
    private final ArrayDeque<Place> waiting = new ArrayDeque<>();
    private boolean running;

    Lane(int countMax) {
        this.countMax = countMax;
    }

    /**
     * Lets the step go in its turn.
     *
     * @param patience ends its wait while the logs are away: it fails and does not go
     */
    public void enter(Step step, Patience patience) {
        Place place = new Place(step);
        boolean full;
        synchronized (this) {
            full = waiting.size() >= countMax;
            if (!full) {
                waiting.addLast(place);
            }
        }
        if (full) {
            step.failed(new ConveneException(ErrorCode.TOO_MANY_OUTSTANDING));
            return;
        }
        run();
        CompletableFuture<Void> over;
        synchronized (this) {
            if (place.left) {
                return;
            }
            over = new CompletableFuture<>();
            place.over = over;
        }
        patience.watch(over, () -> giveUp(place));
    }

    /** What comes behind it goes on waiting for its turn. */
    private void giveUp(Place place) {
        synchronized (this) {
            if (place.givenUp) {
                return;
            }
            place.givenUp = true;
        }
        place.step.failed(new ConveneException(ErrorCode.UNAVAILABLE));
    }

    private void run() {
        while (true) {
            Place place;
            boolean givenUp;
            synchronized (this) {
                place = waiting.peekFirst();
                if (running || place == null) {
                    return;
                }
                running = true;
                givenUp = place.givenUp;
            }
            CompletableFuture<?> ready = givenUp ? NOTHING : readiness(place.step);
            if (!ready.isDone()) {
                ready.whenComplete((nothing, e) -> {
                    pass(place, e);
                    run();
                });
                return;
            }
            pass(place, ready.isCompletedExceptionally() ? ready.exceptionNow() : null);
        }
    }

    private static CompletableFuture<?> readiness(Step step) {
        try {
            return step.ready();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void pass(Place place, @Nullable Throwable failure) {
        boolean goes;
        synchronized (this) {
            goes = !place.givenUp;
            // From here on it cannot be given up.
            place.givenUp = true;
        }
        try {
            if (goes && failure == null) {
                place.step.go();
            } else if (goes && failure != null) {
                place.step.failed(failure);
            }
        } catch (RuntimeException e) {
            place.step.failed(e);
        } finally {
            CompletableFuture<Void> over;
            synchronized (this) {
                waiting.removeFirst();
                place.left = true;
                running = false;
                over = place.over;
            }
            if (over != null) {
                over.complete(null);
            }
        }
    }
}
