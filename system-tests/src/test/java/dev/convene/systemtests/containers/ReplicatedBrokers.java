package dev.convene.systemtests.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;
import dev.convene.systemtests.FreePorts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.lifecycle.Startables;

/** Three brokers in containers, each one of the three controllers too, in a network of their own. Nodes are 1 to 3. */
final class ReplicatedBrokers implements AutoCloseable {
    private static final int COUNT = 3;
    private static final String CLUSTER_ID = "Q29udmVuZS10ZXN0cw";

    private final DockerClient engine;
    private final Network network = Network.newNetwork();
    private final List<Integer> ports;
    private final List<GenericContainer<?>> containers = new ArrayList<>();

    ReplicatedBrokers(KeptLogs logs) {
        engine = Engine.required();
        ports = IntStream.range(0, COUNT).mapToObj(i -> FreePorts.next()).toList();
        for (int node = 1; node <= COUNT; node++) {
            GenericContainer<?> container = broker(node);
            logs.keep(host(node), container::getLogs);
            containers.add(container);
        }
        try {
            // Together: one alone has no majority and never gets ready.
            Startables.deepStart(containers).join();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private GenericContainer<?> broker(int node) {
        int port = ports.get(node - 1);
        String voters = IntStream.rangeClosed(1, COUNT)
                .mapToObj(voter -> voter + "@" + host(voter) + ":9094")
                .collect(Collectors.joining(","));
        return new GenericContainer<>(Images.KAFKA)
                .withNetwork(network)
                .withNetworkAliases(host(node))
                .withExposedPorts(Containers.KAFKA_PORT)
                .withCreateContainerCmdModifier(Containers.publishedAt(port))
                .withEnv("CLUSTER_ID", CLUSTER_ID)
                .withEnv("KAFKA_HEAP_OPTS", Containers.HEAP)
                .withEnv("KAFKA_LOG_DIRS", Containers.DATA)
                .withEnv("KAFKA_NODE_ID", Integer.toString(node))
                .withEnv("KAFKA_PROCESS_ROLES", "broker,controller")
                .withEnv("KAFKA_CONTROLLER_QUORUM_VOTERS", voters)
                .withEnv("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
                .withEnv("KAFKA_INTER_BROKER_LISTENER_NAME", "BROKER")
                .withEnv(
                        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                        "CLIENT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT")
                .withEnv("KAFKA_LISTENERS", "CLIENT://0.0.0.0:9092,BROKER://0.0.0.0:9093,CONTROLLER://0.0.0.0:9094")
                .withEnv(
                        "KAFKA_ADVERTISED_LISTENERS",
                        "CLIENT://127.0.0.1:" + port + ",BROKER://" + host(node) + ":9093")
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_BROKER_SESSION_TIMEOUT_MS", "3000")
                .withEnv("KAFKA_BROKER_HEARTBEAT_INTERVAL_MS", "500")
                .waitingFor(Wait.forLogMessage(".*Kafka Server started.*", 1)
                        .withStartupTimeout(Containers.START_PATIENCE));
    }

    private static String host(int node) {
        return "broker-" + node;
    }

    String bootstrapServers() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    private String id(int node) {
        return containers.get(node - 1).getContainerId();
    }

    /** SIGKILL to everything in the container. */
    void kill(int node) {
        engine.killContainerCmd(id(node)).exec();
    }

    void startAgain(int node) {
        engine.startContainerCmd(id(node)).exec();
    }

    void pause(int node) {
        engine.pauseContainerCmd(id(node)).exec();
    }

    void goOn(int node) {
        engine.unpauseContainerCmd(id(node)).exec();
    }

    /** Neither the other brokers nor clients reach it any longer, nor it them. */
    void cutOff(int node) {
        engine.disconnectFromNetworkCmd()
                .withNetworkId(network.getId())
                .withContainerId(id(node))
                .exec();
    }

    void connectAgain(int node) {
        engine.connectToNetworkCmd()
                .withNetworkId(network.getId())
                .withContainerId(id(node))
                .withContainerNetwork(new ContainerNetwork().withAliases(host(node)))
                .exec();
    }

    @Override
    public void close() {
        containers.forEach(GenericContainer::stop);
        network.close();
    }
}
