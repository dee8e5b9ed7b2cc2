package dev.convene.standalone;

import dev.convene.gateway.config.GatewayConfiguration;
import dev.convene.groupservice.config.GroupServiceConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The services that run on their own elsewhere, in one context. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({GatewayConfiguration.class, GroupServiceConfiguration.class})
class StandaloneConfiguration {}
