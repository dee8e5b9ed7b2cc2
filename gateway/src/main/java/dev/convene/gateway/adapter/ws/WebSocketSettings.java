package dev.convene.gateway.adapter.ws;

import java.time.Duration;

/**
 * What the WebSocket edge enforces beside the announced limits.
 *
 * @param connectTimeout how long an accepted connection may take to begin or resume a session
 * @param closeTimeout how long a peer may take to answer a close frame before its connection is cut
 * @param framesPerSecond frames per second that a connection may send in the long run; fragments and control frames count
 * @param framesBurst frames that it may send at once
 * @param connectionsMax most connections; more are refused with 503
 * @param compression whether permessage-deflate is accepted when a client offers it
 */
public record WebSocketSettings(
        Duration connectTimeout,
        Duration closeTimeout,
        int framesPerSecond,
        int framesBurst,
        int connectionsMax,
        boolean compression) {

    /** What is used where no setting says otherwise. */
    public static final WebSocketSettings DEFAULT =
            new WebSocketSettings(Duration.ofSeconds(10), Duration.ofSeconds(2), 20_000, 40_000, 25_000, false);
}
