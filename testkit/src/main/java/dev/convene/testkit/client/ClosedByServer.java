package dev.convene.testkit.client;

/** The connection was closed; the code is the WebSocket's, or -1 where there is none. */
public final class ClosedByServer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    public ClosedByServer(int code, String reason) {
        super("closed: " + code + " " + reason);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
