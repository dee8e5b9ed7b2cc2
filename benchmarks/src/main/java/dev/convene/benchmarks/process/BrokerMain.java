package dev.convene.benchmarks.process;

import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The broker in a process of its own. */
public final class BrokerMain {

    private BrokerMain() {}

    /**
     * Starts the broker and never returns.
     *
     * @param arguments the data directory, then the port
     */
    public static void main(String[] arguments) throws InterruptedException {
        BrokerOptions options = BrokerOptions.in(Path.of(arguments[0])).withPort(Integer.parseInt(arguments[1]));
        EmbeddedBroker broker = EmbeddedBroker.start(options);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(broker::close));
        new CountDownLatch(1).await();
    }
}
