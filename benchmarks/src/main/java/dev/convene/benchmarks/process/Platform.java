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
    /** As the launcher has them. */
    private static final List<String> JVM =
            List.of("-Xms512m", "-Xmx1g", "-XX:+UseG1GC", "-XX:G1HeapRegionSize=4m", "-XX:MetaspaceSize=128m");

    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String SESSIONS_LOG = "sessions";
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
     * Starts one of each. The gateway takes sessions some time later.
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
        gateway = start(
                "gateway",
                "gateway",
                "dev.convene.gateway.GatewayApplication",
                List.of("--server.port=" + gatewayPort, "--management.server.port=" + Ports.free()));
    }

    /** Starts another instance of group-service and returns when it owns its shards or stands by for all of them. */
    public Service startService(String name) throws IOException {
        int port = Ports.free();
        JavaProcess process = start(
                name,
                "group-service",
                "dev.convene.groupservice.GroupServiceApplication",
                List.of("--management.server.port=" + Ports.free(), "--convene.group-service.port=" + port));
        Service service = new Service(name, process, port);
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (!isSteady(service)) {
            process.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(name + " is not ready after " + START_MAX + ":\n" + process.tail());
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        services.add(service);
        return service;
    }

    private JavaProcess start(String name, String app, String mainClass, List<String> more) {
        Path directory = apps.resolve(app);
        List<String> arguments = new ArrayList<>(more);
        arguments.add("--convene.instance=" + name);
        arguments.add("--convene.kafka.bootstrap-servers=" + bootstrapServers);
        return JavaProcess.start(
                name, logs, directory + "/*:" + directory.resolve("lib") + "/*", JVM, mainClass, arguments);
    }

    private boolean isSteady(Service service) {
        JsonNode shards = get(service.port(), "/v1/shards");
        if (shards == null || shards.isEmpty()) {
            return false;
        }
        for (JsonNode shard : shards) {
            String role = shard.path("role").asString();
            if (!role.equals("owner") && !role.equals("standby")) {
                return false;
            }
        }
        return true;
    }

    /** The instance that owns the sessions log. */
    public Service owner() {
        for (Service service : services) {
            JsonNode shards = get(service.port(), "/v1/shards");
            if (shards != null) {
                for (JsonNode shard : shards) {
                    if (shard.path("log").asString().equals(SESSIONS_LOG)
                            && shard.path("role").asString().equals("owner")) {
                        return service;
                    }
                }
            }
        }
        throw new IllegalStateException("nobody owns " + SESSIONS_LOG);
    }

    /** @throws IllegalStateException with the end of its log if the gateway has ended */
    public void requireGateway() {
        gateway.requireAlive();
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
