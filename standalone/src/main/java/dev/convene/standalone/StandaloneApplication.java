package dev.convene.standalone;

import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Convene in one process: the embedded broker, until it is told to stop. */
public final class StandaloneApplication {

    private static final Logger log = LoggerFactory.getLogger(StandaloneApplication.class);

    private static final String DATA_DIRECTORY_OPTION = "--convene.data-dir=";

    private StandaloneApplication() {}

    /**
     * Starts everything and returns when the process is told to stop.
     *
     * @param arguments {@code --convene.data-dir=DIR}; others are ignored
     */
    public static void main(String[] arguments) throws InterruptedException {
        Path dataDirectory = Path.of(".convene", "data");
        for (String argument : arguments) {
            if (argument.startsWith(DATA_DIRECTORY_OPTION)) {
                dataDirectory = Path.of(argument.substring(DATA_DIRECTORY_OPTION.length()));
            }
        }
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(dataDirectory));
        if ("onRefresh".equals(System.getProperty("spring.context.exit"))) {
            broker.close();
            return;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            broker.close();
            log.info("Stopped");
            stopped.countDown();
        }));
        log.info("Convene is ready; Kafka on {}", broker.bootstrapServers());
        stopped.await();
    }
}
