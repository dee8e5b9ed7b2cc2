package dev.convene.groupservice.adapter.health;

import dev.convene.groupservice.core.shards.Shards;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up when the shards of this process go on and none is still catching up. Never asks the broker: its absence is no fault of this process. */
public final class ShardsHealthIndicator implements HealthIndicator {
    private final Shards shards;

    public ShardsHealthIndicator(Shards shards) {
        this.shards = shards;
    }

    @Override
    public Health health() {
        String trouble = shards.trouble();
        if (!trouble.isEmpty()) {
            return Health.down().withDetail("why", trouble).build();
        }
        return shards.areReady()
                ? Health.up().build()
                : Health.outOfService()
                        .withDetail("why", "starting or catching up")
                        .build();
    }
}
