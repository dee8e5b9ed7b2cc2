package dev.convene.systemtests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One broker, two instances of group-service and two gateways, each a process of its own on this machine. */
final class Cluster implements AutoCloseable {
    private static final String GATEWAY = "dev.convene.gateway.GatewayApplication";
    private static final String GROUP_SERVICE = "dev.convene.groupservice.GroupServiceApplication";

    private final Path data;
    private final int brokerPort = ChildProcess.freePort();
    private ChildProcess broker;
    final ChildProcess[] groupServices = new ChildProcess[2];
    final ChildProcess[] gateways = new ChildProcess[2];

    Cluster() {
        try {
            data = Files.createTempDirectory("convene-cluster");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = startBroker();
        for (int i = 0; i < 2; i++) {
            startGroupService(i);
        }
        for (int i = 0; i < 2; i++) {
            startGateway(i);
        }
        for (ChildProcess process : groupServices) {
            process.awaitReady();
        }
        for (ChildProcess process : gateways) {
            process.awaitReady();
        }
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
        groupServices[number] = start("group-service-" + number, GROUP_SERVICE, "--convene.instance=gs-" + number);
        return groupServices[number];
    }

    ChildProcess startGateway(int number) {
        gateways[number] = start("gateway-" + number, GATEWAY, "--convene.instance=gw-" + number);
        return gateways[number];
    }

    private ChildProcess start(String name, String mainClass, String option) {
        int port = ChildProcess.freePort();
        int managementPort = ChildProcess.freePort();
        return ChildProcess.start(
                name,
                mainClass,
                port,
                managementPort,
                List.of(
                        "--server.port=" + port,
                        "--management.server.port=" + managementPort,
                        "--convene.group-service.port=0",
                        "--convene.group-service.gateway-grace=3s",
                        "--convene.kafka.bootstrap-servers=" + bootstrapServers(),
                        option));
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
        return gateways[number].address();
    }

    @Override
    public void close() {
        for (ChildProcess process : gateways) {
            process.close();
        }
        for (ChildProcess process : groupServices) {
            process.close();
        }
        broker.close();
    }
}
