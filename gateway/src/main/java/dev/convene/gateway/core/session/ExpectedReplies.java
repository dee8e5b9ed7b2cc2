package dev.convene.gateway.core.session;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.Push;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Requests that wait for the first reply to their correlation; bounded by what a session may have outstanding. Thread-safe. */
public final class ExpectedReplies {
    private final Map<String, CompletableFuture<Push.Message>> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Begins to wait.
     *
     * @throws ConveneException if too many wait, or one under this correlation
     */
    public CompletableFuture<Push.Message> expect(String correlation, int countMax) {
        if (waiting.size() >= countMax) {
            throw new ConveneException(
                    ErrorCode.TOO_MANY_OUTSTANDING, "request", ErrorCode.TOO_MANY_OUTSTANDING.advice());
        }
        CompletableFuture<Push.Message> reply = new CompletableFuture<>();
        if (waiting.putIfAbsent(correlation, reply) != null) {
            throw new ConveneException(
                    ErrorCode.BAD_FIELD,
                    "request.correlation",
                    "a request of this session with this correlation, or key, still waits for its reply");
        }
        if (closed) {
            close();
        }
        return reply;
    }

    /** Whether somebody waits for this message, the first under its correlation, and has it now. */
    public boolean arrived(Push.Message reply) {
        String correlation = reply.correlation();
        CompletableFuture<Push.Message> request = correlation == null ? null : waiting.remove(correlation);
        return request != null && request.complete(reply);
    }

    /** Whether a request waits for its reply. */
    public boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Nobody waits any longer. */
    public void forget(String correlation) {
        waiting.remove(correlation);
    }

    /** The session ends here: whether anybody has got a request, and replies, is not to be known any longer. */
    void close() {
        closed = true;
        waiting.values().forEach(reply -> reply.completeExceptionally(new ConveneException(ErrorCode.OUTCOME_UNKNOWN)));
        waiting.clear();
    }
}
