package dev.convene.groupservice.adapter.health;

import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down while the instance's own beats do not come back: the broker is away, whether somebody asks for something or not. The
 * states of the calls are told beside it and decide nothing, since they change with calls only.
 */
public final class BrokerHealthIndicator implements HealthIndicator {
    private final LongSupplier awayMs;
    private final Supplier<Map<String, String>> calls;

    /**
     * @param awayMs for how long the broker has been away, 0 if it is there
     * @param calls the state of each kind of call
     */
    public BrokerHealthIndicator(LongSupplier awayMs, Supplier<Map<String, String>> calls) {
        this.awayMs = awayMs;
        this.calls = calls;
    }

    @Override
    public Health health() {
        long away = awayMs.getAsLong();
        Health.Builder health = away == 0
                ? Health.up()
                : Health.down().withDetail("reason", "the broker has not been reached for " + away / 1000 + " s");
        calls.get().forEach(health::withDetail);
        return health.build();
    }
}
