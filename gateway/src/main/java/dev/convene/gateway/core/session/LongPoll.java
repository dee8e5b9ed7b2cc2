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
    /** What was taken last, if nobody has asked since. */
    private @Nullable Received taken;

    LongPoll(SessionQueue queue, Progress progress) {
        this.queue = queue;
        this.progress = progress;
    }

    /**
     * Confirms, then takes or waits. An earlier request that waits ends with nothing. Cancelling the future takes the
     * request back.
     */
    public CompletableFuture<Received> receive(SessionOperation.Receive operation, Scheduler scheduler) {
        // Nobody takes anything while it is found out what may be taken.
        replace(null, operation);
        boolean hasMore;
        synchronized (this) {
            hasMore = operation.seen().stream().anyMatch(this::isBeyond);
            progress.raise(operation.seen().isEmpty() ? given.values() : operation.seen());
            given.clear();
            taken = null;
        }
        queue.confirm(operation.seen());
        if (hasMore) {
            queue.passOver(operation.seen());
        }
        CompletableFuture<Received> result = new CompletableFuture<>();
        result.whenComplete((received, failure) -> {
            if (result.isCancelled()) {
                forget(result);
            }
        });
        replace(result, operation);
        queue.onReadable(this::look);
        look();
        if (!result.isDone()) {
            if (operation.waitMs() <= 0) {
                end(result);
            } else {
                Scheduler.Delayed timeout = scheduler.after(operation.waitMs(), () -> end(result));
                result.whenComplete((received, failure) -> timeout.cancel());
            }
        }
        return result;
    }

    /** Another request waits, or none; the one that did ends with nothing. */
    private void replace(@Nullable CompletableFuture<Received> request, SessionOperation.Receive operation) {
        CompletableFuture<Received> before;
        synchronized (this) {
            before = waiting;
            waiting = request;
            limit = Math.max(1, operation.limit());
        }
        if (before != null) {
            before.complete(Received.SUPERSEDED);
        }
    }

    /** Whether it is more than what was given here and what was confirmed before. */
    private boolean isBeyond(At seen) {
        At newest = given.get(seen.domain());
        return !progress.covers(seen) && (newest == null || !Progress.covers(newest, seen));
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
        Received received;
        List<SharedPush> pushes = new ArrayList<>();
        synchronized (this) {
            answered = waiting;
            if (answered == null || queue.poll(limit, RESPONSE_BYTES_MAX, pushes) == 0 && !queue.isClosed()) {
                return;
            }
            waiting = null;
            received = new Received(pushes);
            taken = received;
            for (SharedPush push : pushes) {
                At at = push.at();
                if (at != null && Progress.placeOf(push.push()) != null) {
                    given.merge(at.domain(), at, Progress::newer);
                }
            }
        }
        if (!answered.complete(received)) {
            untake(received);
        }
    }

    /** Its client went away meanwhile: what was taken for it waits for the next request, unless that one has come already. */
    public void untake(Received received) {
        synchronized (this) {
            if (taken != received) {
                return;
            }
            taken = null;
            given.clear();
            queue.untake();
        }
    }

    /** Whether it waited until now; if not, somebody answers it already. */
    private synchronized boolean forget(CompletableFuture<Received> request) {
        boolean waited = waiting == request;
        if (waited) {
            waiting = null;
        }
        return waited;
    }

    /** One that is being answered keeps its answer: what it took would reach nobody. */
    private void end(CompletableFuture<Received> request) {
        if (forget(request)) {
            request.complete(new Received(List.of()));
        }
    }
}
