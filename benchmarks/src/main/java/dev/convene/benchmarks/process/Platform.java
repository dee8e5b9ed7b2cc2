package dev.convene.benchmarks.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway and instances of group-service, each in a process of its own, against a broker that runs already. */
public final class Platform implements AutoCloseable {
    private static final List<String> JVM = List.of("-Xmx1g", "-XX:+UseG1GC");
    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final JsonMapper JSON = new JsonMapper();

    /** An instance of group-service. */
    public record Service(String name, JavaProcess process, int port) {}

    private final Path apps;
    private final Path logs;
    private final String bootstrapServers;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<Service> services = new ArrayList<>();
    private final JavaProcess gateway;
    private final int gatewayPort;

    /**
     * Starts one of each and returns when the gateway takes sessions.
     *
     * @param apps a directory with one of {@code gateway} and {@code group-service} each, jars and their {@code lib}
     * @param logs where their output goes
     */
    public Platform(Path apps, Path logs, String bootstrapServers) throws IOException {
        this.apps = apps;
        this.logs = logs;
        this.bootstrapServers = bootstrapServers;
        startService("group-service");
        gatewayPort = Ports.free();
        gateway = start("gateway", "gateway", "dev.convene.gateway.GatewayApplication", gatewayPort, Ports.free());
        await(gateway, "the gateway", () -> get(gatewayPort, "/v1/gateway") != null);
    }

    /** Starts another instance of group-service and returns when it answers. */
    public Service startService(String name) throws IOException {
        int port = Ports.free();
        JavaProcess process =
                start(name, "group-service", "dev.convene.groupservice.GroupServiceApplication", port, Ports.free());
        await(process, name, () -> get(port, "/v1/shards") != null);
        Service service = new Service(name, process, port);
        services.add(service);
        return service;
    }

    private JavaProcess start(String name, String app, String mainClass, int port, int managementPort) {
        Path directory = apps.resolve(app);
        return JavaProcess.start(
                name,
                logs,
                directory + "/*:" + directory.resolve("lib") + "/*",
                JVM,
                mainClass,
                List.of(
                        "--server.port=" + port,
                        "--management.server.port=" + managementPort,
                        "--convene.instance.name=" + name,
                        "--convene.kafka.bootstrap-servers=" + bootstrapServers));
    }

    private interface Ready {
        boolean isReady();
    }

    private static void await(JavaProcess process, String what, Ready ready) {
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (!ready.isReady()) {
            process.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + " is not ready after " + START_MAX + ":\n" + process.tail());
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private @Nullable JsonNode get(int port, String path) {
        try {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(2))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            return response.statusCode() == 200 ? JSON.readTree(response.body()) : null;
        } catch (IOException _) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public int gatewayPort() {
        return gatewayPort;
    }

    /** The instances of group-service that were not removed. */
    public List<Service> services() {
        return List.copyOf(services);
    }

    /** Kills an instance and forgets it. */
    public void kill(Service service) {
        services.remove(service);
        service.process().kill();
    }

    /** Ids of all processes, by name. */
    public Map<String, Long> pids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        pids.put(gateway.name(), gateway.pid());
        services.forEach(service -> pids.put(service.name(), service.process().pid()));
        return pids;
    }

    @Override
    public void close() {
        gateway.close();
        services.forEach(service -> service.process().close());
    }
}
