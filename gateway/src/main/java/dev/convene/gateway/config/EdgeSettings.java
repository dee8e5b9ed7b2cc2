package dev.convene.gateway.config;

import dev.convene.gateway.adapter.http.HttpSettings;
import dev.convene.gateway.adapter.ws.WebSocketSettings;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the gateway's edge, under {@code convene.gateway.edge}.
 *
 * @param hosts names that requests may be sent to, without port; {@code *} for all. In development those of this machine
 * @param origins origins of pages that may send requests, such as {@code https://chess.example}
 * @param connectTimeout how long a WebSocket may take to connect or resume a session
 * @param closeTimeout how long a peer may take to answer a close before it is cut
 * @param framesBurst frames that a WebSocket may send at once, however few it may send in the long run
 * @param connectionsMax most WebSockets
 * @param acceptsPerSecond how many new connections are taken a second; more wait their turn
 * @param unfinishedBytesMax most bytes of frames that have not come whole, over all WebSockets
 * @param compression whether permessage-deflate is accepted
 * @param bodyTimeout how long the body of a request may take to come
 * @param readerTimeout for how long the reader of a stream of events may take nothing while something waits
 * @param idleTimeout how long an HTTP connection may stay open between requests, or before its first
 * @param requestsMax most HTTP requests at a time, waiting ones included
 * @param bodyBytesMax most bytes of request bodies in memory at a time
 */
@ConfigurationProperties("convene.gateway.edge")
public record EdgeSettings(
        @DefaultValue({"127.0.0.1", "localhost", "[::1]"}) Set<String> hosts,
        @DefaultValue Set<String> origins,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("2s") Duration closeTimeout,
        @DefaultValue("200000") int framesBurst,
        @DefaultValue("25000") int connectionsMax,
        @DefaultValue("2000") int acceptsPerSecond,
        @DefaultValue("268435456") long unfinishedBytesMax,
        @DefaultValue("false") boolean compression,
        @DefaultValue("30s") Duration bodyTimeout,
        @DefaultValue("30s") Duration readerTimeout,
        @DefaultValue("60s") Duration idleTimeout,
        @DefaultValue("20000") int requestsMax,
        @DefaultValue("268435456") long bodyBytesMax) {
    private static final String PREFIX = "convene.gateway.edge.";

    public EdgeSettings {
        SettingRules.positive(PREFIX + "connect-timeout", connectTimeout);
        SettingRules.positive(PREFIX + "close-timeout", closeTimeout);
        SettingRules.positive(PREFIX + "frames-burst", framesBurst);
        SettingRules.positive(PREFIX + "connections-max", connectionsMax);
        SettingRules.positive(PREFIX + "accepts-per-second", acceptsPerSecond);
        SettingRules.positive(PREFIX + "unfinished-bytes-max", unfinishedBytesMax);
        SettingRules.positive(PREFIX + "body-timeout", bodyTimeout);
        SettingRules.positive(PREFIX + "reader-timeout", readerTimeout);
        SettingRules.positive(PREFIX + "idle-timeout", idleTimeout);
        SettingRules.positive(PREFIX + "requests-max", requestsMax);
        SettingRules.positive(PREFIX + "body-bytes-max", bodyBytesMax);
    }

    /** What {@code hosts} holds when every host is served. */
    private static final String ANY = "*";

    Set<String> servedHosts() {
        return hosts.contains(ANY) ? Set.of() : hosts;
    }

    WebSocketSettings webSocket() {
        return new WebSocketSettings(connectTimeout, closeTimeout, framesBurst, connectionsMax, compression);
    }

    HttpSettings http() {
        return new HttpSettings(requestsMax, bodyBytesMax, bodyTimeout, readerTimeout);
    }
}
