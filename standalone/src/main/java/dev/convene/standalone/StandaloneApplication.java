package dev.convene.standalone;

import dev.convene.gateway.core.Gateway;
import dev.convene.groupservice.adapter.http.ApiServer;
import dev.convene.groupservice.adapter.log.ShardReport;
import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.BrokerStartException;
import dev.convene.standalone.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Convene in one process, for development: the embedded broker, then gateway and group-service in one Spring context.
 * Listens on the loopback interface only.
 */
public final class StandaloneApplication {
    private static final Logger log = LoggerFactory.getLogger(StandaloneApplication.class);

    private static final Duration READY_PATIENCE = Duration.ofMinutes(2);
    private static final int EXIT_CANNOT_START = 1;

    private StandaloneApplication() {}

    /**
     * Starts everything and returns when it is ready; the process lives on until it is told to stop.
     *
     * @param arguments {@code --convene.data-dir=DIR}, {@code --server.port=N}, {@code --convene.kafka.port=N} (0: any
     *     free one) and any Spring setting
     */
    public static void main(String[] arguments) {
        Arguments options = Arguments.of(arguments);
        try {
            start(options);
        } catch (BrokerStartException | CannotStartException e) {
            log.error("Convene cannot start. {}", e.getMessage());
            System.exit(EXIT_CANNOT_START);
        } catch (RuntimeException e) {
            log.error("Convene cannot start", e);
            System.exit(EXIT_CANNOT_START);
        }
    }

    private static void start(Arguments options) {
        long startNanos = System.nanoTime();
        requireDifferent(options);
        requireFree(options.port());
        log.info(
                Files.exists(options.dataDirectory())
                        ? "Starting the Kafka broker on {} (after a crash it first checks its log)"
                        : "Starting the Kafka broker; its data goes to {}",
                options.dataDirectory());
        EmbeddedBroker broker =
                EmbeddedBroker.start(BrokerOptions.in(options.dataDirectory()).withPort(options.kafkaPort()));
        Shutdown shutdown = new Shutdown(broker);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(shutdown));
        broker.fatalFault().thenAccept(fault -> {
            log.error("The broker cannot go on: {}", fault.toString());
            Runtime.getRuntime().halt(EXIT_CANNOT_START);
        });
        log.info("Starting the services");
        ConfigurableApplicationContext context = services(options, broker);
        shutdown.and(context);
        tellAddress(options.dataDirectory(), context.getBean(ApiServer.class).port());
        awaitReady(context.getBean(Gateway.class), new StartProgress(context.getBean(ShardReport.class)));
        Welcome.print(
                options,
                broker.bootstrapServers(),
                context.getBean(ApiServer.class).port(),
                Duration.ofNanos(System.nanoTime() - startNanos));
    }

    /** Their failure to start is told by Spring; the broker's threads would keep the process alive. */
    private static ConfigurableApplicationContext services(Arguments options, EmbeddedBroker broker) {
        SpringApplicationBuilder services = new SpringApplicationBuilder(StandaloneConfiguration.class)
                .registerShutdownHook(false)
                .properties(
                        "spring.config.name=application,standalone",
                        "convene.kafka.bootstrap-servers=" + broker.bootstrapServers());
        try {
            return services.run(options.forSpring());
        } catch (RuntimeException e) {
            throw new CannotStartException("The services did not start; the reason is above.");
        }
    }

    private static void requireDifferent(Arguments options) {
        if (options.port() != 0 && options.port() == options.kafkaPort()) {
            throw new CannotStartException("--port and --kafka-port are the same; choose another one for one of them.");
        }
    }

    /** Says so before anything else is started: the broker takes a second, and its log would hide the reason. */
    private static void requireFree(int port) {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new CannotStartException("Port " + port + " is in use; choose another one with --port.");
        }
    }

    /** Where {@code ./convene ops} finds this process, also before it is ready. */
    private static void tellAddress(Path dataDirectory, int port) {
        try {
            Files.writeString(dataDirectory.resolve("api"), "http://127.0.0.1:" + port + "\n");
        } catch (IOException e) {
            log.warn("The address of the API could not be written down: {}", e.toString());
        }
    }

    private static void awaitReady(Gateway gateway, StartProgress progress) {
        long deadline = System.nanoTime() + READY_PATIENCE.toNanos();
        long nextWord = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (!gateway.isReady()) {
            long now = System.nanoTime();
            if (now > nextWord) {
                // A shard that has halted waits for an operator, who needs this process for it.
                deadline = progress.tell() ? now + READY_PATIENCE.toNanos() : deadline;
                nextWord = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            }
            if (now > deadline) {
                throw new CannotStartException("The services were not ready after " + READY_PATIENCE + ".");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Ends the services, then the broker. */
    private static final class Shutdown implements Runnable {
        private final EmbeddedBroker broker;
        private volatile Runnable services = () -> {};

        Shutdown(EmbeddedBroker broker) {
            this.broker = broker;
        }

        void and(ConfigurableApplicationContext context) {
            services = context::close;
        }

        @Override
        public void run() {
            services.run();
            broker.close();
            log.info("Stopped; everything acknowledged is in the data directory");
        }
    }

    /** A reason not to start, in words for the person who started it. */
    private static final class CannotStartException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CannotStartException(String message) {
            super(message);
        }
    }

    /** What was asked for on the command line. */
    record Arguments(Path dataDirectory, int port, int kafkaPort, String[] forSpring) {
        private static final String DATA_DIRECTORY = "--convene.data-dir=";
        private static final String PORT = "--server.port=";
        private static final String KAFKA_PORT = "--convene.kafka.port=";
        private static final int PORT_DEFAULT = 8080;

        static Arguments of(String[] arguments) {
            Path dataDirectory = Path.of(".convene", "data");
            int port = PORT_DEFAULT;
            int kafkaPort = 0;
            for (String argument : arguments) {
                if (argument.startsWith(DATA_DIRECTORY)) {
                    dataDirectory = Path.of(argument.substring(DATA_DIRECTORY.length()));
                } else if (argument.startsWith(PORT)) {
                    port = Integer.parseInt(argument.substring(PORT.length()));
                } else if (argument.startsWith(KAFKA_PORT)) {
                    kafkaPort = Integer.parseInt(argument.substring(KAFKA_PORT.length()));
                }
            }
            return new Arguments(dataDirectory.toAbsolutePath().normalize(), port, kafkaPort, arguments);
        }
    }
}
