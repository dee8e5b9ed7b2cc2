package dev.convene.groupservice.adapter.health;

import dev.convene.groupservice.core.shards.Shards;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up when no shard of this process is still catching up. Never asks the broker: its absence is no fault of this process. */
public final class ShardsHealthIndicator implements HealthIndicator {
    private final Shards shards;

    public ShardsHealthIndicator(Shards shards) {
        this.shards = shards;
    }

    @Override
    public Health health() {
        return shards.areReady()
                ? Health.up().build()
                : Health.outOfService()
                        .withDetail("why", "starting or catching up")
                        .build();
    }
}
