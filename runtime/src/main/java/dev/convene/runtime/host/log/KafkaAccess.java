package dev.convene.runtime.host.log;

import java.util.HashMap;
import java.util.Map;

/**
 * How to reach the cluster.
 *
 * @param bootstrapServers {@code host:port}, separated by commas
 * @param clientId begins the client ids in the broker's logs and metrics
 * @param security further client settings by their Kafka names, for TLS and SASL
 */
public record KafkaAccess(String bootstrapServers, String clientId, Map<String, String> security) {
    /** A client that cannot connect tries again at least this often, milliseconds. */
    private static final int RECONNECT_MAX_MS = 500;

    public KafkaAccess {
        security = Map.copyOf(security);
    }

    /** Without security. */
    public static KafkaAccess of(String bootstrapServers, String clientId) {
        return new KafkaAccess(bootstrapServers, clientId, Map.of());
    }

    /** Settings that all clients share. */
    Map<String, Object> settings(String part) {
        Map<String, Object> settings = new HashMap<>(security);
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("client.id", clientId + "-" + part);
        settings.put("reconnect.backoff.ms", 50);
        settings.put("reconnect.backoff.max.ms", RECONNECT_MAX_MS);
        settings.put("retry.backoff.ms", 20);
        settings.put("retry.backoff.max.ms", RECONNECT_MAX_MS);
        settings.put("socket.connection.setup.timeout.ms", 2000);
        settings.put("socket.connection.setup.timeout.max.ms", 4000);
        settings.put("metadata.max.age.ms", 60_000);
        settings.put("metric.reporters", "");
        settings.put("enable.metrics.push", false);
        return settings;
    }
}
