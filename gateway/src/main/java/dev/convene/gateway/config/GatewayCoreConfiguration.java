package dev.convene.gateway.config;

import dev.convene.gateway.adapter.health.BrokerHealthIndicator;
import dev.convene.gateway.adapter.health.OwnersHealthIndicator;
import dev.convene.gateway.adapter.log.GatewayMetrics;
import dev.convene.gateway.adapter.log.GuardedAppender;
import dev.convene.gateway.adapter.log.KafkaAnswerLog;
import dev.convene.gateway.adapter.log.KafkaGroupLog;
import dev.convene.gateway.adapter.log.KafkaState;
import dev.convene.gateway.adapter.log.LoggedEvents;
import dev.convene.gateway.adapter.log.SystemScheduler;
import dev.convene.gateway.core.GatewayCounters;
import dev.convene.gateway.core.LogGateway;
import dev.convene.gateway.core.TenantGateway;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.log.Logs;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.beat.Beats;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.KafkaAccess;
import dev.convene.runtime.host.log.LogWriter;
import dev.convene.runtime.host.log.RemoteCalls;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.runtime.host.log.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** The gateway's core on Kafka. Starting it waits for the broker. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewaySettings.class)
public class GatewayCoreConfiguration {
    private static final String ROLE = "gateway";

    @Bean(destroyMethod = "close")
    Instance gatewayInstance(GatewaySettings settings, MeterRegistry meters) {
        GatewaySettings.Kafka kafka = settings.kafka();
        String name = settings.instance() + "-" + ROLE;
        GatewaySettings.LimitSettings limits = settings.gateway().limits();
        LogWriter.Settings writer = LogWriter.Settings.DEFAULT.withoutBlocking(
                MessageSizes.recordBytesMax(limits.frameBytesMax(), limits.messageBytesMax()));
        Instance instance = Instance.start(
                new Instance.Settings(
                        name,
                        ROLE,
                        List.of(),
                        false,
                        new KafkaAccess(kafka.bootstrapServers(), name, kafka.properties()),
                        kafka.toTopics(),
                        TopicDefinition.all(),
                        writer),
                Clocks.SYSTEM,
                meters);
        instance.onFailure(Instance.END_PROCESS);
        return instance;
    }

    @Bean(destroyMethod = "close")
    SystemScheduler gatewayScheduler() {
        return new SystemScheduler(Clocks.SYSTEM);
    }

    @Bean(destroyMethod = "close")
    KafkaGroupLog gatewayGroupLog(@Qualifier("gatewayInstance") Instance instance) {
        return new KafkaGroupLog(instance);
    }

    @Bean(destroyMethod = "close")
    KafkaAnswerLog gatewayAnswerLog(@Qualifier("gatewayInstance") Instance instance) {
        return new KafkaAnswerLog(instance);
    }

    @Bean
    GuardedAppender gatewayAppender(@Qualifier("gatewayInstance") Instance instance, RemoteCalls gatewayAppends) {
        instance.writer().prepareUnacknowledged(List.of(Topics.ofLog(Logs.GROUPS)));
        return new GuardedAppender(instance.writer(), gatewayAppends);
    }

    @Bean(destroyMethod = "close")
    RemoteCalls gatewayAppends(
            GatewaySettings settings, @Qualifier("gatewayInstance") Instance instance, MeterRegistry meters) {
        RemoteCalls.Settings questions = RemoteCalls.Settings.QUESTIONS;
        RemoteCalls appends = new RemoteCalls(
                "gateway-appends",
                new RemoteCalls.Settings(
                        settings.gateway().appendsMax(), questions.slow(), questions.open(), questions.callsMin()),
                meters);
        instance.beats().onBrokerBack(appends::brokerIsBack);
        return appends;
    }

    /** Neither a part of readiness nor of liveness: a broker that is away is away for other instances, too. */
    @Bean
    HealthIndicator brokerHealthIndicator(@Qualifier("gatewayInstance") Instance instance, RemoteCalls gatewayAppends) {
        List<RemoteCalls> all = new ArrayList<>(instance.calls());
        all.add(gatewayAppends);
        return new BrokerHealthIndicator(instance.beats()::brokerAwayMs, all);
    }

    /** Neither a part of readiness nor of liveness: another gateway would not do better. */
    @Bean
    HealthIndicator ownersHealthIndicator(@Qualifier("gatewayInstance") Instance instance) {
        Beats beats = instance.beats();
        return new OwnersHealthIndicator(beats::brokerAwayMs, () -> beats.holdersSilentMs(Logs.SESSIONS));
    }

    /** Down for a while after a record of answers or beats could not be taken; no part of readiness or liveness. */
    @Bean
    HealthIndicator gatewayLogsHealthIndicator(@Qualifier("gatewayInstance") Instance instance) {
        return () -> {
            Map<String, Long> failures = instance.handlerFailures().recent();
            Health.Builder health = failures.isEmpty() ? Health.up() : Health.down();
            failures.forEach((handler, count) -> health.withDetail(handler, count + " records could not be taken"));
            return health.build();
        };
    }

    @Bean
    GatewayCounters gatewayCounters() {
        return new GatewayCounters();
    }

    @Bean
    GatewayLifecycle gatewayLifecycle(LogGateway gateway) {
        return new GatewayLifecycle(gateway);
    }

    /** What the edges call. */
    @Bean
    @Primary
    TenantGateway tenantGateway(LogGateway gateway) {
        return new TenantGateway(gateway);
    }

    @Bean
    LogGateway gateway(
            GatewaySettings settings,
            @Qualifier("gatewayInstance") Instance instance,
            SystemScheduler scheduler,
            KafkaGroupLog groups,
            KafkaAnswerLog answers,
            GuardedAppender appender,
            RemoteCalls gatewayAppends,
            GatewayCounters counters,
            MeterRegistry meters,
            ApplicationEventPublisher publisher) {
        GatewaySettings.Gateway own = settings.gateway();
        SecureRandom random = new SecureRandom();
        CoreSettings core = new CoreSettings(
                settings.instance(),
                version(),
                own.limits().toLimits(),
                own.requestTimeout().toMillis(),
                own.attachTimeout().toMillis(),
                own.idleTimeout().toMillis(),
                own.ringBytesMax().toBytes(),
                own.resumeBatch().toMillis(),
                own.catchUpBytesPerSecond().toBytes(),
                own.resumesUnderWay(),
                own.resumesPerSecondMin());
        LogGateway.World world = new LogGateway.World(
                appender,
                groups,
                answers,
                instance.beats()::serveAs,
                new KafkaState(instance.beats(), gatewayAppends),
                scheduler,
                random::nextBytes,
                random::nextLong);
        LogGateway gateway = new LogGateway(core, world, counters, new LoggedEvents(publisher::publishEvent));
        new GatewayMetrics(gateway, counters).bindTo(meters);
        return gateway;
    }

    private static String version() {
        String version = GatewayCoreConfiguration.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
