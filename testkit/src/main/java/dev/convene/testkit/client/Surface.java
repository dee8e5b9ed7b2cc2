package dev.convene.testkit.client;

/** A way for a client to meet a gateway. */
public enum Surface {
    /** WebSocket, {@code convene.v1.json}. */
    WS_JSON,
    /** WebSocket, {@code convene.v1.cbor}. */
    WS_CBOR,
    /** HTTP, pushes by long poll. */
    HTTP,
    /** HTTP, pushes as server-sent events. */
    SSE
}
