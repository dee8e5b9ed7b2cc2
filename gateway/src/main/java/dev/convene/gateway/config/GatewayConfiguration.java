package dev.convene.gateway.config;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The whole gateway: its core on Kafka and its edge. Import it into any Spring Boot application. */
@Configuration(proxyBeanMethods = false)
@Import({GatewayCoreConfiguration.class, GatewayEdgeConfiguration.class})
public class GatewayConfiguration {}
