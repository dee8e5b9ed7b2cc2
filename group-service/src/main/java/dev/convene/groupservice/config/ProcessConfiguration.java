package dev.convene.groupservice.config;

import dev.convene.groupservice.adapter.health.BrokerHealthIndicator;
import dev.convene.groupservice.adapter.health.InstanceHealthIndicator;
import dev.convene.groupservice.adapter.http.ManagementOnlyServer;
import dev.convene.groupservice.adapter.log.HostedShards;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the group service needs when it is a process of its own. */
@Configuration(proxyBeanMethods = false)
public class ProcessConfiguration {
    /** Neither a part of readiness nor of liveness: a broker that is away is away for other instances, too. */
    @Bean
    BrokerHealthIndicator brokerHealthIndicator(HostedShards shards) {
        return new BrokerHealthIndicator(shards::brokerAwayMs, shards::calls);
    }

    /** Neither a part of readiness nor of liveness: the shards go on. */
    @Bean
    InstanceHealthIndicator instanceHealthIndicator(GroupServiceProperties properties, HostedShards shards) {
        return new InstanceHealthIndicator(properties.instance(), shards::twin);
    }

    @Bean
    ManagementOnlyServer managementOnlyServer() {
        return new ManagementOnlyServer();
    }
}
