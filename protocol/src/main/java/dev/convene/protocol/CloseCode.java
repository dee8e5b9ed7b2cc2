package dev.convene.protocol;

/**
 * Why the server closes a WebSocket. A client reads the range: 1001, 1012, 1013 and 4000 to 4499 say reconnect (and
 * resume), everything else says do not come back with the same session or the same behaviour.
 */
public enum CloseCode {
    NORMAL(1000, "closed as asked"),
    GOING_AWAY(1001, "this gateway is going down"),
    PROTOCOL_ERROR(1002, "this is not the WebSocket protocol"),
    TOO_BIG(1009, "the frame is larger than the announced limit"),
    /** Reconnect: for what stands before a gateway, a proxy that restarts; gateways say {@link #SHUTDOWN}. */
    SERVICE_RESTART(1012, "the service restarts"),
    /**
     * Reconnect after a pause: where there is no room, or where what a session missed cannot be read at present. Gateways
     * without room refuse the upgrade.
     */
    TRY_LATER(1013, "no room at present; try again later"),
    /** Reconnect and resume: the instance is restarted. */
    SHUTDOWN(4000, "this gateway restarts; resume elsewhere"),
    /** Reconnect and resume: the reader did not keep up. */
    SLOW_READER(4001, "more bytes waited for this reader than the announced limit; resume by position"),
    /** Reconnect and resume: heartbeats stayed out. */
    NO_PONG(4002, "no frame came within the announced time"),
    /** Reconnect; the resume will say recovered false. */
    POSITION_LOST(4003, "the position is no longer kept"),
    /** Reconnect after a pause. */
    RATE(4004, "too many frames"),
    /** Reconnect and resume: this gateway was declared lost. */
    GATEWAY_LOST(4005, "this gateway was declared lost; resume"),
    /** Reconnect and resume: this gateway's numbers of the session's requests are not those of the log. */
    OUT_OF_STEP(4006, "the session's requests no longer match the log; resume"),
    /** Reconnect after a pause; resuming is refused as {@link ErrorCode#SHARD_HALTED} until an operator has acted. */
    SHARD_HALTED(4007, "a shard of this session's groups has stopped; an operator has to act"),
    /** Reconnect and resume: a fault of this gateway kept something from the session. */
    DELIVERY_FAILED(4008, "something due to this session could not be delivered; resume"),
    /** Do not come back. */
    BAD_TOKEN(4500, "the token is not valid"),
    BAD_FRAME(4501, "the frame cannot be read"),
    STALE(4502, "the session was resumed by another connection"),
    LIMIT(4503, "a limit was exceeded"),
    FORBIDDEN(4504, "not allowed"),
    SESSION_ENDED(4505, "the session has ended"),
    CONNECT_TIMEOUT(4506, "no connect or resume came in time");

    private final int number;
    private final String reason;

    CloseCode(int number, String reason) {
        this.number = number;
        this.reason = reason;
    }

    /** The WebSocket close code. */
    public int number() {
        return number;
    }

    /** The reason phrase, at most 123 bytes of UTF-8 (RFC 6455, 5.5). */
    public String reason() {
        return reason;
    }

    /** Whether a client should connect again and resume. */
    public boolean isReconnect() {
        return number == 1001 || number == 1012 || number == 1013 || number >= 4000 && number <= 4499;
    }
}
