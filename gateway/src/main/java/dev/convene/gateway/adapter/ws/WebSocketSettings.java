package dev.convene.gateway.adapter.ws;

import java.time.Duration;

/**
 * What the WebSocket edge enforces beside the announced limits.
 *
 * @param connectTimeout how long an accepted connection may take to begin or resume a session
 * @param closeTimeout how long a peer may take to answer a close frame before its connection is cut
 * @param framesBurst frames that a connection may send at once; fragments and control frames count
 * @param connectionsMax most connections; more are refused with 503
 * @param compression whether permessage-deflate is accepted when a client offers it
 */
public record WebSocketSettings(
        Duration connectTimeout, Duration closeTimeout, int framesBurst, int connectionsMax, boolean compression) {

    /** What is used where no setting says otherwise. */
    public static final WebSocketSettings DEFAULT =
            new WebSocketSettings(Duration.ofSeconds(10), Duration.ofSeconds(2), 200_000, 25_000, false);
}
