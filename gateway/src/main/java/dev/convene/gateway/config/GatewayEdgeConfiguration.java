package dev.convene.gateway.config;

import dev.convene.gateway.adapter.http.AcceptFailures;
import dev.convene.gateway.adapter.http.AcceptPace;
import dev.convene.gateway.adapter.http.ApiDocument;
import dev.convene.gateway.adapter.http.Draining;
import dev.convene.gateway.adapter.http.GuardHandler;
import dev.convene.gateway.adapter.http.LoadFilter;
import dev.convene.gateway.adapter.http.ManagementGuard;
import dev.convene.gateway.adapter.http.Problems;
import dev.convene.gateway.adapter.http.RequestGuard;
import dev.convene.gateway.adapter.http.Routes;
import dev.convene.gateway.adapter.ws.Connections;
import dev.convene.gateway.adapter.ws.FrameBudget;
import dev.convene.gateway.adapter.ws.WebSocketEndpoint;
import dev.convene.gateway.adapter.ws.WebSocketMetrics;
import dev.convene.gateway.core.Authenticator;
import dev.convene.gateway.core.Gateway;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.value.Encoding;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.models.OpenAPI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.cors.reactive.UrlBasedCorsConfigurationSource;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.netty.NettyPipeline;

/** WebSocket and HTTP on Spring Boot's own Reactor Netty server. Needs a {@link Gateway}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EdgeSettings.class)
@PropertySource("classpath:dev/convene/gateway/edge.properties")
public class GatewayEdgeConfiguration {
    /** Before Spring Boot's own, which would answer with its error attributes. */
    private static final int BEFORE_BOOT = -2;

    /** Who clients are says a bean; everybody is let in if there is none. With two of them the gateway does not start. */
    private static Authenticator given(ObjectProvider<Authenticator> authenticator) {
        return authenticator.getIfAvailable(() -> Authenticator.DEVELOPMENT);
    }

    @Bean
    Codecs codecs(Gateway gateway) {
        return new Codecs(FrameCodec.json(gateway.limits()), FrameCodec.cbor(gateway.limits()));
    }

    /** The codec of each encoding. */
    record Codecs(FrameCodec json, FrameCodec cbor) {
        FrameCodec of(Encoding encoding) {
            return encoding == Encoding.JSON ? json : cbor;
        }
    }

    @Bean
    Connections webSocketConnections(EdgeSettings settings, MeterRegistry meters) {
        FrameBudget budget = new FrameBudget(settings.unfinishedBytesMax());
        Gauge.builder("convene.websocket.unfinished.bytes", budget, FrameBudget::bytes)
                .description("Bytes of frames that have not come whole")
                .baseUnit("bytes")
                .register(meters);
        Connections connections = new Connections(settings.connectionsMax(), budget);
        Gauge.builder("convene.websocket.connections", connections, Connections::count)
                .description("Open WebSockets")
                .register(meters);
        return connections;
    }

    @Bean
    NettyRouteProvider webSocketRoute(
            Gateway gateway,
            ObjectProvider<Authenticator> authenticator,
            Codecs codecs,
            EdgeSettings settings,
            Connections connections,
            MeterRegistry meters) {
        WebSocketEndpoint endpoint = new WebSocketEndpoint(
                gateway,
                given(authenticator),
                codecs::of,
                settings.webSocket(),
                new WebSocketMetrics(meters),
                connections);
        return endpoint::addTo;
    }

    @Bean
    AcceptFailures acceptFailures() {
        return new AcceptFailures(System::nanoTime);
    }

    /** Down while connections cannot be accepted; no part of readiness or liveness: those who are connected are served. */
    @Bean
    HealthIndicator connectionsHealthIndicator(AcceptFailures failures) {
        return () -> {
            String reason = failures.recent();
            return reason == null
                    ? Health.up().build()
                    : Health.down()
                            .withDetail("reason", "new connections cannot be taken: " + reason)
                            .build();
        };
    }

    @Bean
    NettyServerCustomizer requestGuard(EdgeSettings settings, Codecs codecs, AcceptFailures acceptFailures) {
        RequestGuard guard = new RequestGuard(settings.servedHosts(), settings.origins());
        return server -> server.idleTimeout(settings.idleTimeout())
                .doOnBound(bound -> bound.channel()
                        .pipeline()
                        .addFirst(acceptFailures, new AcceptPace(settings.acceptsPerSecond())))
                .doOnChannelInit((_, channel, _) -> channel.pipeline()
                        .addBefore(
                                NettyPipeline.HttpTrafficHandler,
                                "convene.guard",
                                new GuardHandler(guard, codecs.json())));
    }

    @Bean
    Draining draining() {
        return new Draining();
    }

    @Bean
    RouterFunction<ServerResponse> gatewayRoutes(
            Gateway gateway,
            ObjectProvider<Authenticator> authenticator,
            Codecs codecs,
            EdgeSettings settings,
            Draining draining) {
        return new Routes(gateway, given(authenticator), codecs::of, settings.http(), draining).all();
    }

    @Bean
    @Order(BEFORE_BOOT)
    Problems problems(Codecs codecs, Gateway gateway, RouterFunction<ServerResponse> gatewayRoutes) {
        return new Problems(codecs.json(), gateway, gatewayRoutes);
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    ManagementGuard managementGuard(@Value("${management.endpoints.web.base-path:/actuator}") String basePath) {
        return new ManagementGuard(basePath);
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    LoadFilter loadFilter(EdgeSettings settings, MeterRegistry meters) {
        LoadFilter filter = new LoadFilter(settings.requestsMax());
        Gauge.builder("convene.http.requests.active", filter, LoadFilter::active)
                .description("HTTP requests that are being answered, waiting ones included")
                .register(meters);
        return filter;
    }

    /** Answers the browsers' own questions; who is let in at all was decided by the guard. */
    @Bean
    CorsWebFilter corsFilter(EdgeSettings settings) {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(List.copyOf(settings.origins()));
        cors.setAllowedMethods(List.of("GET", "POST", "DELETE"));
        cors.setAllowedHeaders(List.of("*"));
        cors.setExposedHeaders(List.of("Retry-After", "Preference-Applied"));
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        if (!settings.origins().equals(Set.of())) {
            source.registerCorsConfiguration("/v1/**", cors);
        }
        return new CorsWebFilter(source);
    }

    @Bean
    OpenAPI apiDocument() {
        return ApiDocument.base();
    }

    /** Up once the gateway is registered and has read its logs; a part of readiness, not of liveness. */
    @Bean
    HealthIndicator gatewayHealthIndicator(Gateway gateway) {
        return () -> {
            if (gateway.isReady()) {
                return Health.up().build();
            }
            String reason = gateway.isSuperseded()
                    ? "another process serves under the name " + gateway.name()
                            + "; give each a name of its own (convene.instance)"
                    : "reading its logs";
            return Health.outOfService().withDetail("reason", reason).build();
        };
    }

    /**
     * Down while a shard of the group log cannot be applied. Neither a part of readiness nor of liveness: everybody who has
     * nothing to do with that shard is served, and no other instance would do better.
     */
    @Bean
    HealthIndicator groupLogHealthIndicator(Gateway gateway) {
        return () -> {
            Map<Integer, Long> halted = gateway.haltedShards();
            Health.Builder health = halted.isEmpty() ? Health.up() : Health.down();
            halted.forEach(
                    (partition, offset) -> health.withDetail("partition " + partition, "halted at offset " + offset));
            return health.build();
        };
    }

    @Bean
    EdgeShutdown edgeShutdown(Connections connections, Draining draining) {
        return new EdgeShutdown(connections, draining);
    }
}
