package dev.convene.gateway.adapter.health;

import dev.convene.runtime.host.log.RemoteCalls;
import java.util.List;
import java.util.function.LongSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down while the instance's own beats do not come back: the broker is away, whether somebody asks for something or not. The
 * states of the calls are told beside it and decide nothing, since they change with calls only.
 */
public final class BrokerHealthIndicator implements HealthIndicator {
    private final LongSupplier awayMs;
    private final List<RemoteCalls> calls;

    /** @param awayMs for how long the broker has been away, 0 if it is there */
    public BrokerHealthIndicator(LongSupplier awayMs, List<RemoteCalls> calls) {
        this.awayMs = awayMs;
        this.calls = List.copyOf(calls);
    }

    @Override
    public Health health() {
        long away = awayMs.getAsLong();
        Health.Builder health = away == 0
                ? Health.up()
                : Health.down().withDetail("reason", "the broker has not been reached for " + away / 1000 + " s");
        calls.forEach(each -> health.withDetail(each.name(), each.state()));
        return health.build();
    }
}
