package dev.convene.groupservice.adapter.health;

import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down while a shard that is held here has halted. A start of the same version anew would halt at the same record. */
public final class HaltedHealthIndicator implements HealthIndicator {
    private final Supplier<Map<String, String>> halted;

    /** @param halted the shards that have halted, each with where and why */
    public HaltedHealthIndicator(Supplier<Map<String, String>> halted) {
        this.halted = halted;
    }

    @Override
    public Health health() {
        Map<String, String> all = halted.get();
        return (all.isEmpty() ? Health.up() : Health.down()).withDetails(all).build();
    }
}
