package dev.convene.systemtests.cluster;

import dev.convene.systemtests.FreePorts;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Two instances of group-service and two gateways, each a process of its own on this machine, on some Kafka. */
public final class ServiceProcesses implements AutoCloseable {
    private static final String GATEWAY = "dev.convene.gateway.GatewayApplication";
    private static final String GROUP_SERVICE = "dev.convene.groupservice.GroupServiceApplication";
    private static final int EACH = 2;

    private final String bootstrapServers;
    private final List<String> options;
    final ChildProcess[] groupServices = new ChildProcess[EACH];
    final ChildProcess[] gateways = new ChildProcess[EACH];

    /** @param options further settings of all four */
    public ServiceProcesses(String bootstrapServers, String... options) {
        this.bootstrapServers = bootstrapServers;
        this.options = List.of(options);
        for (int i = 0; i < EACH; i++) {
            startGroupService(i);
        }
        for (int i = 0; i < EACH; i++) {
            startGateway(i);
        }
    }

    /** Waits until all of them say that they are ready. */
    public ServiceProcesses awaitReady() {
        all().forEach(ChildProcess::awaitReady);
        return this;
    }

    ChildProcess startGroupService(int number) {
        groupServices[number] = groupService("gs-" + number, bootstrapServers, options);
        return groupServices[number];
    }

    ChildProcess startGateway(int number) {
        gateways[number] = gateway("gw-" + number, bootstrapServers, options);
        return gateways[number];
    }

    /** Starts an instance of group-service by itself. */
    public static ChildProcess groupService(String instance, String bootstrapServers, List<String> options) {
        return start("group-service-" + instance, GROUP_SERVICE, instance, bootstrapServers, options);
    }

    /** Starts a gateway by itself. */
    public static ChildProcess gateway(String instance, String bootstrapServers, List<String> options) {
        return start("gateway-" + instance, GATEWAY, instance, bootstrapServers, options);
    }

    private static ChildProcess start(
            String name, String mainClass, String instance, String bootstrapServers, List<String> options) {
        int port = FreePorts.next();
        int managementPort = FreePorts.next();
        List<String> arguments = new ArrayList<>(List.of(
                (mainClass.equals(GATEWAY) ? "--server.port=" : "--convene.group-service.port=") + port,
                "--management.server.port=" + managementPort,
                "--convene.group-service.gateway-grace=3s",
                "--convene.kafka.bootstrap-servers=" + bootstrapServers,
                "--convene.instance=" + instance));
        arguments.addAll(options);
        return ChildProcess.start(name, mainClass, port, managementPort, arguments);
    }

    /** Where a gateway serves. */
    public URI gateway(int number) {
        return gateways[number].address();
    }

    /** All processes as they are now. */
    public List<ChildProcess> all() {
        List<ChildProcess> all = new ArrayList<>(List.of(gateways));
        all.addAll(List.of(groupServices));
        return all;
    }

    @Override
    public void close() {
        all().forEach(ChildProcess::close);
    }
}
