package dev.convene.systemtests;

import dev.convene.gateway.GatewayApplication;
import dev.convene.gateway.core.LogGateway;
import dev.convene.groupservice.GroupServiceApplication;
import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A broker, group-service and two gateways in this JVM, started once for all tests that do not kill anything. Each is the
 * application that runs on its own elsewhere.
 */
public final class RunningSystem {
    /** So that a test need not wait long until a client that only asks over HTTP counts as gone. */
    private static final String SHORT_IDLE = "--convene.gateway.idle-timeout=3s";

    /** So that a reader that has stopped reads, when it goes on, why it was cut. */
    private static final String LONG_CLOSE = "--convene.gateway.edge.close-timeout=30s";

    private static @Nullable RunningSystem shared;

    private final Path data = Scratch.directory("system-test");
    private final EmbeddedBroker broker;
    private final ConfigurableApplicationContext groupService;
    private final ConfigurableApplicationContext gatewayA;
    private final ConfigurableApplicationContext gatewayB;

    private RunningSystem() {
        broker = EmbeddedBroker.start(BrokerOptions.in(data));
        groupService = start(
                GroupServiceApplication.class,
                "group-service",
                "--convene.instance=gs-1",
                "--convene.group-service.port=0",
                "--convene.group-service.gateway-grace=3s");
        gatewayA = start(GatewayApplication.class, "gateway", "--convene.instance=gw-a", SHORT_IDLE, LONG_CLOSE);
        gatewayB = start(GatewayApplication.class, "gateway", "--convene.instance=gw-b", SHORT_IDLE, LONG_CLOSE);
        Services.awaitReady(gatewayA);
        Services.awaitReady(gatewayB);
    }

    /** The one system of this JVM; started by the first call, stopped when the JVM ends. */
    public static synchronized RunningSystem shared() {
        RunningSystem system = shared;
        if (system == null) {
            system = new RunningSystem();
            shared = system;
            Runtime.getRuntime().addShutdownHook(new Thread(system::close, "stop the shared system"));
        }
        return system;
    }

    private ConfigurableApplicationContext start(Class<?> application, String configuration, String... more) {
        return Services.start(application, configuration, broker.bootstrapServers(), more);
    }

    /** Another gateway of this system, with settings of its own; whoever starts it closes it. */
    public ConfigurableApplicationContext startGateway(String instance, String... options) {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = "--convene.instance=" + instance;
        ConfigurableApplicationContext gateway = start(GatewayApplication.class, "gateway", all);
        Services.awaitReady(gateway);
        return gateway;
    }

    /** How many sessions both gateways serve. */
    public int sessions() {
        return Stream.of(gatewayA, gatewayB)
                .map(gateway -> gateway.getBean(MeterRegistry.class))
                .flatMap(meters -> meters.find("convene.sessions").gauges().stream())
                .mapToInt(gauge -> (int) gauge.value())
                .sum();
    }

    /** Bytes that wait for readers of both gateways. */
    public long queuedBytes() {
        return Stream.of(gatewayA, gatewayB)
                .mapToLong(gateway -> gateway.getBean(LogGateway.class).queuedBytes())
                .sum();
    }

    /** How many readers were cut at their byte limit. */
    public double slowReadersCut() {
        return Stream.of(gatewayA, gatewayB)
                .mapToDouble(gateway -> gateway.getBean(MeterRegistry.class)
                        .get("convene.slow.readers")
                        .functionCounter()
                        .count())
                .sum();
    }

    /** How many WebSockets both gateways have, and requests over HTTP. */
    public double connections() {
        return Stream.of(gatewayA, gatewayB)
                .map(gateway -> gateway.getBean(MeterRegistry.class))
                .mapToDouble(meters -> meters.get("convene.websocket.connections")
                                .gauge()
                                .value()
                        + meters.get("convene.http.requests.active").gauge().value())
                .sum();
    }

    public URI gatewayA() {
        return Services.address(gatewayA);
    }

    public URI gatewayB() {
        return Services.address(gatewayB);
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    private void close() {
        gatewayA.close();
        gatewayB.close();
        groupService.close();
        broker.close();
        Scratch.delete(data);
    }
}
