package dev.convene.groupservice.adapter.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class HealthIndicatorTests {
    @Test
    void theBrokerIsDownWhileBeatsDoNotComeBack() {
        AtomicLong awayMs = new AtomicLong();
        BrokerHealthIndicator broker = new BrokerHealthIndicator(awayMs::get, () -> Map.of("calls", "open"));
        assertThat(broker.health())
                .isEqualTo(Health.up().withDetail("calls", "open").build());

        awayMs.set(35_000);
        assertThat(broker.health())
                .isEqualTo(Health.down()
                        .withDetail("reason", "the broker has not been reached for 35 s")
                        .withDetail("calls", "open")
                        .build());
    }

    @Test
    void aShardThatHasHaltedIsToBeSeen() {
        AtomicReference<Map<String, String>> halted = new AtomicReference<>(Map.of());
        HaltedHealthIndicator health = new HaltedHealthIndicator(halted::get);
        assertThat(health.health()).isEqualTo(Health.up().build());

        halted.set(Map.of("sessions/0", "halted at offset 15: why"));
        assertThat(health.health())
                .isEqualTo(Health.down()
                        .withDetail("sessions/0", "halted at offset 15: why")
                        .build());
    }

    @Test
    void anotherProcessOfTheSameNameIsToBeSeen() {
        AtomicReference<String> twin = new AtomicReference<>();
        InstanceHealthIndicator instance = new InstanceHealthIndicator("gs1", twin::get);
        assertThat(instance.health().getStatus()).isEqualTo(Status.UP);

        twin.set("gs1-group-service@x");
        assertThat(instance.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(instance.health().getDetails().get("reason"))
                .isEqualTo("duplicate instance name gs1 (convene.instance): gs1-group-service@x runs too");
    }
}
