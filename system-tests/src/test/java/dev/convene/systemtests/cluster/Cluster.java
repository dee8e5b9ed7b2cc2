package dev.convene.systemtests.cluster;

import dev.convene.protocol.ServiceLevel;
import dev.convene.systemtests.FreePorts;
import dev.convene.systemtests.Scratch;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One broker, two instances of group-service and two gateways, each a process of its own on this machine, for all tests that
 * kill and pause them.
 */
final class Cluster {
    private static @Nullable Cluster shared;

    private final Path data = Scratch.directory("cluster");
    private final int brokerPort = FreePorts.next();
    private ChildProcess broker;
    private final ServiceProcesses services;
    final ChildProcess[] groupServices;
    final ChildProcess[] gateways;

    private Cluster() {
        broker = startBroker();
        services = new ServiceProcesses(bootstrapServers());
        groupServices = services.groupServices;
        gateways = services.gateways;
    }

    /** The one cluster of this JVM, with everything running; started by the first call, ended with the JVM. */
    static synchronized Cluster shared() {
        Cluster cluster = shared;
        if (cluster == null) {
            cluster = new Cluster();
            shared = cluster;
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "end the shared cluster"));
        }
        cluster.restartWhatIsGone();
        return cluster;
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

    /** What a test that failed may have left killed. */
    private void restartWhatIsGone() {
        boolean outage = !broker.isAlive();
        if (outage) {
            restartBroker();
        }
        for (int i = 0; i < 2; i++) {
            if (!groupServices[i].isAlive()) {
                startGroupService(i);
            }
            if (!gateways[i].isAlive()) {
                startGateway(i);
            }
        }
        services.awaitReady();
        if (outage) {
            awaitPublishing();
        }
    }

    /** Ready are gateways also while their broker is away. */
    private void awaitPublishing() {
        try (TestSessions sessions = new TestSessions()) {
            for (int i = 0; i < 2; i++) {
                URI gateway = gateway(i);
                ChildProcess.await("publishing to work again", Duration.ofMinutes(1), () -> {
                    try {
                        sessions.publish(
                                gateway, TestSession.message(ServiceLevel.AGREED, "there again?", "after-an-outage"));
                        return true;
                    } catch (Refused e) {
                        return false;
                    }
                });
            }
        }
    }

    URI gateway(int number) {
        return services.gateway(number);
    }

    private void close() {
        services.close();
        broker.close();
        Scratch.delete(data);
    }
}
