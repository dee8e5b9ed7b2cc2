package dev.convene.groupservice.config;

import dev.convene.groupservice.adapter.audit.AuditPublisher;
import dev.convene.groupservice.adapter.health.HaltedHealthIndicator;
import dev.convene.groupservice.adapter.health.ShardsHealthIndicator;
import dev.convene.groupservice.adapter.http.ApiServer;
import dev.convene.groupservice.adapter.http.GroupRoutes;
import dev.convene.groupservice.adapter.http.OperationRoutes;
import dev.convene.groupservice.adapter.http.ShardRoutes;
import dev.convene.groupservice.adapter.log.HostedGroups;
import dev.convene.groupservice.adapter.log.HostedOperations;
import dev.convene.groupservice.adapter.log.HostedShards;
import dev.convene.groupservice.adapter.log.ShardReport;
import dev.convene.groupservice.core.audit.AuditLog;
import dev.convene.groupservice.core.sessions.SessionsShard;
import dev.convene.runtime.host.HostSettings;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.KafkaAccess;
import dev.convene.runtime.host.log.LogWriter;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.runtime.host.snapshot.SnapshotPlan;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The whole group service. Import it into a process of its own ({@code GroupServiceApplication}) or into one that holds
 * more; it needs a {@link MeterRegistry} and, with audit, Spring Cloud Stream.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GroupServiceProperties.class)
public class GroupServiceConfiguration {
    /** Tells this service's beats from those of a gateway of the same instance. */
    private static final String ROLE = "group-service";

    @Bean
    @ConditionalOnProperty("convene.audit.enabled")
    AuditPublisher auditPublisher(StreamBridge bridge, MeterRegistry meters) {
        return new AuditPublisher(bridge, meters);
    }

    @Bean
    HostedShards hostedShards(
            GroupServiceProperties properties, MeterRegistry meters, ObjectProvider<AuditPublisher> audit) {
        GroupServiceProperties.GroupService own = properties.groupService();
        HostSettings host = new HostSettings(
                own.replicas(),
                plan(own.snapshots(), own.history()),
                HostSettings.DEFAULT.outbox(),
                HostSettings.DEFAULT.reader(),
                HostSettings.DEFAULT.handOverAfter(),
                true);
        HostedShards.Settings settings =
                new HostedShards.Settings(instance(properties), host, own.gatewaySilence(), own.gatewayGrace());
        AuditLog publisher = audit.getIfAvailable();
        return new HostedShards(settings, Clocks.SYSTEM, meters, publisher == null ? AuditLog.NONE : publisher);
    }

    private static SnapshotPlan plan(GroupServiceProperties.Snapshots due, GroupServiceProperties.History history) {
        return new SnapshotPlan(
                due.recordsMax(),
                due.bytesMax().toBytes(),
                due.interval(),
                SnapshotPlan.KEPT_LEAST,
                history.time(),
                history.bytesMax().toBytes());
    }

    private static Instance.Settings instance(GroupServiceProperties properties) {
        GroupServiceProperties.Kafka kafka = properties.kafka();
        String name = properties.instance() + "-" + ROLE;
        return new Instance.Settings(
                name,
                ROLE,
                List.of(SessionsShard.LOG, SessionsShard.GROUPS_LOG),
                properties.exclusiveInstance(),
                new KafkaAccess(kafka.bootstrapServers(), name, kafka.properties()),
                kafka.toTopics(),
                TopicDefinition.all(),
                LogWriter.Settings.DEFAULT);
    }

    @Bean
    ShardReport shardReport(HostedShards shards) {
        return new ShardReport(shards);
    }

    @Bean("shardsHealthIndicator")
    ShardsHealthIndicator shardsHealthIndicator(ShardReport report) {
        return new ShardsHealthIndicator(report);
    }

    /** Neither a part of readiness nor of liveness: a new start would not help. */
    @Bean
    HaltedHealthIndicator haltedHealthIndicator(HostedShards shards) {
        return new HaltedHealthIndicator(shards::halted);
    }

    /** Down for a while after a record of beats or snapshots could not be taken; no part of readiness or liveness. */
    @Bean
    HealthIndicator groupServiceLogsHealthIndicator(HostedShards shards) {
        return () -> {
            Map<String, Long> failures = shards.handlerFailures();
            Health.Builder health = failures.isEmpty() ? Health.up() : Health.down();
            failures.forEach((handler, count) -> health.withDetail(handler, count + " records could not be taken"));
            return health.build();
        };
    }

    @Bean
    ApiServer groupServiceApi(GroupServiceProperties properties, HostedShards shards, ShardReport report) {
        GroupServiceProperties.GroupService own = properties.groupService();
        return new ApiServer(
                new InetSocketAddress(own.address(), own.port()),
                new GroupRoutes(new HostedGroups(shards)),
                new ShardRoutes(report),
                new OperationRoutes(new HostedOperations(shards)));
    }
}
