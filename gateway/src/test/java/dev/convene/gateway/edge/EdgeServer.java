package dev.convene.gateway.edge;

import dev.convene.gateway.config.GatewayEdgeConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The edge on a real server, with a gateway that has no logs behind it. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(GatewayEdgeConfiguration.class)
public class EdgeServer {
    @Bean
    FakeGateway gateway() {
        return new FakeGateway();
    }
}
