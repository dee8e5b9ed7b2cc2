package dev.convene.systemtests;

import dev.convene.gateway.GatewayApplication;
import dev.convene.gateway.core.Gateway;
import dev.convene.groupservice.GroupServiceApplication;
import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
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
        awaitReady(gatewayA);
        awaitReady(gatewayB);
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

    private static void awaitReady(ConfigurableApplicationContext context) {
        Gateway gateway = context.getBean(Gateway.class);
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!gateway.isReady()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(gateway.name() + " is not ready after a minute");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private ConfigurableApplicationContext start(Class<?> application, String configuration, String... more) {
        SpringApplicationBuilder builder = new SpringApplicationBuilder(application)
                .registerShutdownHook(false)
                .properties("spring.config.name=application," + configuration);
        String[] arguments = new String[more.length + 3];
        arguments[0] = "--convene.kafka.bootstrap-servers=" + broker.bootstrapServers();
        arguments[1] = "--server.port=0";
        arguments[2] = "--management.server.port=-1";
        System.arraycopy(more, 0, arguments, 3, more.length);
        return builder.run(arguments);
    }

    public URI gatewayA() {
        return address(gatewayA);
    }

    public URI gatewayB() {
        return address(gatewayB);
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    private static URI address(ConfigurableApplicationContext context) {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return URI.create("http://127.0.0.1:" + port);
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
