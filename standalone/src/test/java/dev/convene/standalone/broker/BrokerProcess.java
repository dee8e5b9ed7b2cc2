package dev.convene.standalone.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;

/** A broker in a process of its own, for tests that kill it. */
final class BrokerProcess {

    private BrokerProcess() {}

    /**
     * Starts a broker and never returns.
     *
     * @param arguments the data directory, then a file that gets the broker's address when it is ready
     */
    public static void main(String[] arguments) throws Exception {
        Path address = Path.of(arguments[1]);
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(Path.of(arguments[0])));
        Path written =
                Files.writeString(address.resolveSibling(address.getFileName() + ".new"), broker.bootstrapServers());
        Files.move(written, address, StandardCopyOption.ATOMIC_MOVE);
        new CountDownLatch(1).await();
    }

    /** The command line that runs {@link #main} in the JVM and with the class path of this one. */
    static ProcessBuilder command(Path dataDirectory, Path address) {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerProcess.class.getName(),
                dataDirectory.toString(),
                address.toString());
    }
}
