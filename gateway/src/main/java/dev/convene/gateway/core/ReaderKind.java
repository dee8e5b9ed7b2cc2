package dev.convene.gateway.core;

/** How a session's pushes are taken. */
public enum ReaderKind {
    /** By a connection that the edge watches: it calls {@link Gateway#suspended} when it is lost. WebSocket. */
    CONNECTION,
    /**
     * By one HTTP request after the other. The gateway suspends the session when none has come for its idle time, and what
     * was taken stays until the client confirms it.
     */
    REQUESTS
}
