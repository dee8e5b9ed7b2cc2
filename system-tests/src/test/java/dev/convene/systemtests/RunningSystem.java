package dev.convene.systemtests;

import dev.convene.gateway.GatewayApplication;
import dev.convene.groupservice.GroupServiceApplication;
import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private final EmbeddedBroker broker;
    private final ConfigurableApplicationContext groupService;
    private final ConfigurableApplicationContext gatewayA;
    private final ConfigurableApplicationContext gatewayB;

    private RunningSystem() {
        broker = EmbeddedBroker.start(BrokerOptions.in(temporaryDirectory()));
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
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("convene-system-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
