package dev.convene.systemtests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One broker, two instances of group-service and two gateways, each a process of its own on this machine. */
final class Cluster implements AutoCloseable {
    private final Path data;
    private final int brokerPort = ChildProcess.freePort();
    private ChildProcess broker;
    private final ServiceProcesses services;
    final ChildProcess[] groupServices;
    final ChildProcess[] gateways;

    Cluster() {
        try {
            data = Files.createTempDirectory("convene-cluster");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = startBroker();
        services = new ServiceProcesses(bootstrapServers()).awaitReady();
        groupServices = services.groupServices;
        gateways = services.gateways;
    }

    private ChildProcess startBroker() {
        return ChildProcess.start(
                "broker", BrokerProcess.class.getName(), 0, 0, List.of(data.toString(), Integer.toString(brokerPort)));
    }

    /** Starts the broker again on its data. */
    void restartBroker() {
        broker = startBroker();
    }

    String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    ChildProcess broker() {
        return broker;
    }

    ChildProcess startGroupService(int number) {
        return services.startGroupService(number);
    }

    ChildProcess startGateway(int number) {
        return services.startGateway(number);
    }

    /** Starts again what a test that failed may have left killed. */
    void restartWhatIsGone() {
        for (int i = 0; i < 2; i++) {
            if (!groupServices[i].isAlive()) {
                startGroupService(i).awaitReady();
            }
            if (!gateways[i].isAlive()) {
                startGateway(i).awaitReady();
            }
        }
    }

    URI gateway(int number) {
        return services.gateway(number);
    }

    @Override
    public void close() {
        services.close();
        broker.close();
    }
}
