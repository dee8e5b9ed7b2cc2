package dev.convene.systemtests.cluster;

import dev.convene.standalone.StandaloneApplication;
import dev.convene.systemtests.FreePorts;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Everything in one process, as {@code ./convene dev} runs it, on a data directory that outlives it. */
final class Standalone implements AutoCloseable {
    private final Path data;
    private final int port = FreePorts.next();
    private final int kafkaPort = FreePorts.next();
    private ChildProcess process;

    Standalone(Path data) {
        this.data = data;
        this.process = launch();
    }

    private ChildProcess launch() {
        return ChildProcess.start(
                "standalone",
                StandaloneApplication.class.getName(),
                port,
                port,
                List.of(
                        "--server.port=" + port,
                        "--convene.data-dir=" + data,
                        "--convene.kafka.port=" + kafkaPort,
                        "--convene.group-service.gateway-grace=60s"));
    }

    /** Starts it again on the same data and ports. */
    Standalone startAgain() {
        process = launch();
        return this;
    }

    Standalone awaitReady() {
        process.awaitReady();
        return this;
    }

    ChildProcess process() {
        return process;
    }

    URI address() {
        return process.address();
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.close();
    }
}
