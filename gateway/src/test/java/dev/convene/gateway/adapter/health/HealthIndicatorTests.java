package dev.convene.gateway.adapter.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.runtime.host.log.RemoteCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class HealthIndicatorTests {
    private final AtomicLong awayMs = new AtomicLong();
    private final AtomicLong silentMs = new AtomicLong();

    @Test
    void theBrokerIsDownWhileBeatsDoNotComeBackThoughNobodyAsks() {
        try (RemoteCalls calls = calls()) {
            BrokerHealthIndicator broker = new BrokerHealthIndicator(awayMs::get, List.of(calls));
            assertThat(broker.health())
                    .isEqualTo(Health.up().withDetail("calls", "closed").build());

            awayMs.set(4200);
            assertThat(broker.health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(broker.health().getDetails())
                    .isEqualTo(Map.of("reason", "the broker has not been reached for 4 s", "calls", "closed"));
        }
    }

    @Test
    void theBrokerIsUpOnceBeatsComeBackThoughNobodyAsks() {
        try (RemoteCalls calls = calls()) {
            for (int i = 0; i < RemoteCalls.Settings.QUESTIONS.callsMin(); i++) {
                calls.ended(calls.begin(), new TimeoutException("planted"));
            }
            assertThat(calls.once(Duration.ofSeconds(9), CompletableFuture::new))
                    .isCompletedExceptionally();

            Health health = new BrokerHealthIndicator(awayMs::get, List.of(calls)).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsEntry("calls", "open");
        }
    }

    private static RemoteCalls calls() {
        return new RemoteCalls("calls", RemoteCalls.Settings.QUESTIONS, new SimpleMeterRegistry());
    }

    @Test
    void ownersAreDownWhenNobodyWasHeardForSomeSecondsWhoCouldOwnShards() {
        OwnersHealthIndicator owners = new OwnersHealthIndicator(awayMs::get, silentMs::get);
        silentMs.set(3000);
        assertThat(owners.health().getStatus()).isEqualTo(Status.UP);

        silentMs.set(5100);
        assertThat(owners.health())
                .isEqualTo(Health.down()
                        .withDetail("reason", "no group-service has been heard for 5 s")
                        .build());

        awayMs.set(2000);
        assertThat(owners.health().getStatus()).isEqualTo(Status.UNKNOWN);
    }
}
