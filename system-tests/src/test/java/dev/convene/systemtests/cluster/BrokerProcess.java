package dev.convene.systemtests.cluster;

import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** The embedded broker alone in a process, so that a test can kill it. */
public final class BrokerProcess {
    private BrokerProcess() {}

    /** @param arguments the data directory and the port */
    public static void main(String[] arguments) {
        EmbeddedBroker broker =
                EmbeddedBroker.start(BrokerOptions.in(Path.of(arguments[0])).withPort(Integer.parseInt(arguments[1])));
        broker.fatalFault().thenRun(() -> Runtime.getRuntime().halt(1));
        while (true) {
            LockSupport.park();
        }
    }
}
