package dev.convene.gateway.adapter.health;

import java.util.function.LongSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down while no instance is heard that could own shards: then nothing is answered, here or at any other gateway. While the
 * broker is away nobody is heard, and that is not known.
 */
public final class OwnersHealthIndicator implements HealthIndicator {
    /** A takeover takes a second or two. */
    private static final long SILENCE_MS = 3000;

    private final LongSupplier awayMs;
    private final LongSupplier silentMs;

    /**
     * @param awayMs for how long the broker has been away, 0 if it is there
     * @param silentMs for how long nobody was heard that could own shards
     */
    public OwnersHealthIndicator(LongSupplier awayMs, LongSupplier silentMs) {
        this.awayMs = awayMs;
        this.silentMs = silentMs;
    }

    @Override
    public Health health() {
        if (awayMs.getAsLong() > 0) {
            return Health.unknown().withDetail("reason", "the broker is away").build();
        }
        long silent = silentMs.getAsLong();
        return silent <= SILENCE_MS
                ? Health.up().build()
                : Health.down()
                        .withDetail("reason", "no group-service has been heard for " + silent / 1000 + " s")
                        .build();
    }
}
