package dev.convene.groupservice.adapter.health;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down while another process runs under this instance's name: both hold replicas, which is harmless, but not what was meant. */
public final class InstanceHealthIndicator implements HealthIndicator {
    private final String name;
    private final Supplier<@Nullable String> twin;

    /**
     * @param name the instance's name
     * @param twin the other process, null if there is none
     */
    public InstanceHealthIndicator(String name, Supplier<@Nullable String> twin) {
        this.name = name;
        this.twin = twin;
    }

    @Override
    public Health health() {
        String other = twin.get();
        return other == null
                ? Health.up().build()
                : Health.down()
                        .withDetail(
                                "reason",
                                "duplicate instance name " + name + " (convene.instance): " + other + " runs too")
                        .build();
    }
}
