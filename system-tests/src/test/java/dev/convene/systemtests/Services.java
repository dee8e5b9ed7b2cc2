package dev.convene.systemtests;

import dev.convene.gateway.GatewayApplication;
import dev.convene.gateway.core.Authenticator;
import dev.convene.gateway.core.Gateway;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

/** Starts the applications in this JVM, each as it runs by itself elsewhere. */
public final class Services {
    private Services() {}

    /** @param configuration the name of its settings, such as {@code gateway} */
    public static ConfigurableApplicationContext start(
            Class<?> application, String configuration, String bootstrapServers, String... more) {
        return run(new SpringApplicationBuilder(application), configuration, bootstrapServers, more);
    }

    /** A gateway that lets in whom this lets in. */
    public static ConfigurableApplicationContext startGateway(
            Authenticator authenticator, String bootstrapServers, String... more) {
        SpringApplicationBuilder builder = new SpringApplicationBuilder(GatewayApplication.class)
                .initializers(
                        context -> context.getBeanFactory().registerSingleton("testAuthenticator", authenticator));
        return run(builder, "gateway", bootstrapServers, more);
    }

    private static ConfigurableApplicationContext run(
            SpringApplicationBuilder builder, String configuration, String bootstrapServers, String... more) {
        builder.registerShutdownHook(false)
                .properties("spring.config.name=application," + configuration)
                .initializers(Services::withEventLoopsOfItsOwn);
        String[] arguments = new String[more.length + 3];
        arguments[0] = "--convene.kafka.bootstrap-servers=" + bootstrapServers;
        arguments[1] = "--server.port=0";
        arguments[2] = "--management.server.port=-1";
        System.arraycopy(more, 0, arguments, 3, more.length);
        return builder.run(arguments);
    }

    /** Else the first application of this JVM that closes takes the event loops of all others with it. */
    private static void withEventLoopsOfItsOwn(ConfigurableApplicationContext context) {
        if (context instanceof GenericApplicationContext generic) {
            generic.registerBean(ReactorResourceFactory.class, () -> {
                ReactorResourceFactory resources = new ReactorResourceFactory();
                resources.setUseGlobalResources(false);
                return resources;
            });
        }
    }

    /** Waits until a gateway can serve. */
    public static void awaitReady(ConfigurableApplicationContext context) {
        Gateway gateway = context.getBean(Gateway.class);
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!gateway.isReady()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(gateway.name() + " is not ready after a minute");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Where a gateway serves. */
    public static URI address(ConfigurableApplicationContext context) {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return URI.create("http://127.0.0.1:" + port);
    }
}
