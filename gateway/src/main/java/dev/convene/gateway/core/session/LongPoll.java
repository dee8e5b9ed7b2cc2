package dev.convene.gateway.core.session;

import dev.convene.gateway.core.Received;
import dev.convene.gateway.core.delivery.SessionQueue;
import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.At;
import dev.convene.protocol.frame.SessionOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Takes what waits for a session on behalf of one request at a time. Thread-safe. */
public final class LongPoll {
    /** A response takes no more when it has this many bytes. */
    private static final long RESPONSE_BYTES_MAX = 1 << 20;

    private final SessionQueue queue;
    private final Progress progress;
    /** By domain the newest that was given and is not confirmed. */
    private final Map<String, At> given = new HashMap<>();

    private @Nullable CompletableFuture<Received> waiting;
    private int limit;

    LongPoll(SessionQueue queue, Progress progress) {
        this.queue = queue;
        this.progress = progress;
    }

    /**
     * Confirms, then takes or waits. An earlier request that waits ends with nothing. Cancelling the future takes the
     * request back.
     */
    public CompletableFuture<Received> receive(SessionOperation.Receive operation, Scheduler scheduler) {
        CompletableFuture<Received> before;
        CompletableFuture<Received> result = new CompletableFuture<>();
        synchronized (this) {
            before = waiting;
            waiting = result;
            limit = Math.max(1, operation.limit());
            progress.raise(operation.seen().isEmpty() ? given.values() : operation.seen());
            given.clear();
        }
        if (before != null) {
            before.complete(new Received(List.of()));
        }
        result.whenComplete((received, failure) -> {
            if (result.isCancelled()) {
                forget(result);
            }
        });
        queue.confirm(operation.seen());
        queue.onReadable(this::look);
        look();
        if (!result.isDone()) {
            if (operation.waitMs() <= 0) {
                end(result);
            } else {
                scheduler.after(operation.waitMs(), () -> end(result));
            }
        }
        return result;
    }

    /** The newest of each domain that was taken and is not confirmed. */
    public synchronized List<At> given() {
        return List.copyOf(given.values());
    }

    /** Whether a request waits. */
    public synchronized boolean isWaiting() {
        return waiting != null;
    }

    private void look() {
        CompletableFuture<Received> answered;
        List<SharedPush> taken = new ArrayList<>();
        synchronized (this) {
            answered = waiting;
            if (answered == null || queue.poll(limit, RESPONSE_BYTES_MAX, taken) == 0 && !queue.isClosed()) {
                return;
            }
            waiting = null;
            for (SharedPush push : taken) {
                At at = push.at();
                if (at != null && Progress.placeOf(push.push()) != null) {
                    given.merge(at.domain(), at, Progress::newer);
                }
            }
        }
        if (!answered.complete(new Received(taken))) {
            // Its client went away meanwhile: what was taken for it waits for the next request.
            synchronized (this) {
                given.clear();
            }
            queue.untake();
        }
    }

    private synchronized void forget(CompletableFuture<Received> request) {
        if (waiting == request) {
            waiting = null;
        }
    }

    private void end(CompletableFuture<Received> request) {
        forget(request);
        request.complete(new Received(List.of()));
    }
}
