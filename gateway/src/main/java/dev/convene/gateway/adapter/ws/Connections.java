package dev.convene.gateway.adapter.ws;

import dev.convene.protocol.CloseCode;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The open WebSocket connections: how many there may be, and how all of them end. Thread-safe. */
public final class Connections {
    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger reserved = new AtomicInteger();
    private final int max;
    private final FrameBudget frameBudget;
    private final CompletableFuture<Void> allClosed = new CompletableFuture<>();
    private volatile boolean closing;

    /**
     * @param max most connections at a time
     * @param frameBudget what all of them may hold of frames that have not come whole
     */
    public Connections(int max, FrameBudget frameBudget) {
        this.max = max;
        this.frameBudget = frameBudget;
    }

    FrameBudget frameBudget() {
        return frameBudget;
    }

    /** How many there are. */
    public int count() {
        return reserved.get();
    }

    /** Whether none is accepted any longer. */
    boolean isClosing() {
        return closing;
    }

    /** Takes a place for a connection; false if there is none. Whoever gets one gives it back with {@link #release}. */
    boolean reserve() {
        if (reserved.incrementAndGet() > max) {
            release();
            return false;
        }
        return true;
    }

    void release() {
        if (reserved.decrementAndGet() == 0 && closing) {
            allClosed.complete(null);
        }
    }

    void add(ClientConnection connection) {
        open.add(connection);
        if (closing) {
            connection.closeFromOutside(CloseCode.SHUTDOWN);
        }
    }

    void remove(ClientConnection connection) {
        open.remove(connection);
    }

    /**
     * Closes all connections, each with this code, and accepts none any longer. Their sessions can be resumed.
     *
     * @return completed when the last one is gone
     */
    public CompletableFuture<Void> closeAll(CloseCode code) {
        closing = true;
        open.forEach(connection -> connection.closeFromOutside(code));
        if (reserved.get() == 0) {
            allClosed.complete(null);
        }
        return allClosed.copy();
    }
}
