package dev.convene.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

@ExtendWith(LeakDetection.class)
class GatewayHealthTests {
    private final FakeGateway gateway = new FakeGateway();
    private final HealthIndicator health = new GatewayEdgeConfiguration().gatewayHealthIndicator(gateway);

    @Test
    void tellsWhyItDoesNotServe() {
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);

        gateway.ready = false;
        assertThat(reason()).isEqualTo("reading its logs");

        gateway.superseded = true;
        assertThat(reason())
                .isEqualTo("another process serves under the name gw1; give each a name of its own (convene.instance)");
    }

    private Object reason() {
        Health now = health.health();
        assertThat(now.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        return now.getDetails().get("reason");
    }
}
