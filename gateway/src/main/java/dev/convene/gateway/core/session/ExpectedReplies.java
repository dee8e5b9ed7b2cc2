package dev.convene.gateway.core.session;

import dev.convene.protocol.frame.Push;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Requests that wait for the first reply to their correlation; bounded by what a session may have outstanding. Thread-safe. */
public final class ExpectedReplies {
    private final Map<String, CompletableFuture<Push.Message>> waiting = new ConcurrentHashMap<>();

    /** Begins to wait; null if something waits under this correlation already or there are too many. */
    public @Nullable CompletableFuture<Push.Message> expect(String correlation, int countMax) {
        CompletableFuture<Push.Message> reply = new CompletableFuture<>();
        return waiting.size() >= countMax || waiting.putIfAbsent(correlation, reply) != null ? null : reply;
    }

    /** Whether a message under this correlation is waited for; asked for every private message. */
    public boolean isExpected(String correlation) {
        return !correlation.isEmpty() && !waiting.isEmpty() && waiting.containsKey(correlation);
    }

    /** The first reply is there. */
    public void arrived(String correlation, Push.Message reply) {
        CompletableFuture<Push.Message> request = waiting.remove(correlation);
        if (request != null) {
            request.complete(reply);
        }
    }

    /** Nobody waits any longer. */
    public void forget(String correlation) {
        waiting.remove(correlation);
    }
}
