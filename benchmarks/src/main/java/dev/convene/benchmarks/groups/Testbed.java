package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.floor.RawKafka;
import dev.convene.benchmarks.load.LoadClients;
import dev.convene.benchmarks.load.RefusedException;
import dev.convene.benchmarks.process.BrokerMain;
import dev.convene.benchmarks.process.CpuTimes;
import dev.convene.benchmarks.process.JavaProcess;
import dev.convene.benchmarks.process.LiveHeap;
import dev.convene.benchmarks.process.Platform;
import dev.convene.benchmarks.process.Ports;
import dev.convene.benchmarks.report.Report;
import dev.convene.runtime.host.log.TopicDefinition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What the workloads run on: one broker for the whole run, the platform, the load clients in this process. */
final class Testbed implements AutoCloseable {
    private static final String GROUP_LOG = "convene.groups";
    private static final Duration BROKER_START_MAX = Duration.ofSeconds(60);
    private static final Duration PLATFORM_START_MAX = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Options options;
    private final Report report;
    private final Path directory;
    private final Path brokerData;
    private final JavaProcess broker;
    private final RawKafka floor;
    private final @Nullable Platform platform;
    private final LoadClients clients = new LoadClients();

    /** @param directory where everything that is made goes: the broker's log, what the processes print */
    Testbed(Options options, Report report, Path directory) throws IOException, InterruptedException {
        this.options = options;
        this.report = report;
        this.directory = directory;
        report.progress("starting the broker");
        int port = Ports.free();
        String bootstrapServers = "127.0.0.1:" + port;
        brokerData = BrokerData.in(directory);
        broker = JavaProcess.start(
                "broker",
                directory,
                System.getProperty("java.class.path"),
                List.of("-Xmx1g", "-XX:+UseG1GC"),
                BrokerMain.class.getName(),
                List.of(brokerData.toString(), Integer.toString(port)));
        awaitPort(port);
        TopicDefinition log = TopicDefinition.all().stream()
                .filter(topic -> topic.name().equals(GROUP_LOG))
                .findFirst()
                .orElseThrow();
        floor = RawKafka.on(bootstrapServers, log.partitions(), log.settings());
        if (options.floorOnly()) {
            platform = null;
        } else {
            report.progress("starting group-service and the gateway");
            platform = new Platform(options.apps(), directory, bootstrapServers);
            awaitSessions(platform);
        }
    }

    /** Until a session can begin. */
    private void awaitSessions(Platform starting) {
        long deadline = System.nanoTime() + PLATFORM_START_MAX.toNanos();
        while (true) {
            starting.requireGateway();
            try {
                LoadClients.closeAll(List.of(LoadClients.await(clients.connect(starting.gatewayPort(), false))));
                return;
            } catch (RefusedException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
    }

    private void awaitPort(int port) {
        long deadline = System.nanoTime() + BROKER_START_MAX.toNanos();
        while (true) {
            broker.requireAlive();
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the broker is not ready:\n" + broker.tail(), e);
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
    }

    Options options() {
        return options;
    }

    Report report() {
        return report;
    }

    /** Where everything that is made goes. */
    Path directory() {
        return directory;
    }

    RawKafka floor() {
        return floor;
    }

    LoadClients clients() {
        return clients;
    }

    Platform platform() {
        if (platform == null) {
            throw new IllegalStateException("only the floor runs");
        }
        return platform;
    }

    int gatewayPort() {
        return platform().gatewayPort();
    }

    Map<String, Long> platformPids() {
        return platform().pids();
    }

    /** Begins to count the processor time of all processes, and of these. */
    CpuTimes cpu(JavaProcess... more) {
        Map<String, Long> pids = new LinkedHashMap<>();
        pids.put(broker.name(), broker.pid());
        if (platform != null) {
            pids.putAll(platform.pids());
        }
        pids.put("load", ProcessHandle.current().pid());
        for (JavaProcess process : more) {
            pids.put(process.name(), process.pid());
        }
        return CpuTimes.start(pids);
    }

    /** Live bytes of the platform's processes, by name. */
    Map<String, Long> liveHeaps() {
        Map<String, Long> heaps = new LinkedHashMap<>();
        platformPids().forEach((name, pid) -> heaps.put(name, LiveHeap.bytes(pid)));
        return heaps;
    }

    @Override
    public void close() {
        clients.close();
        if (platform != null) {
            platform.close();
        }
        broker.close();
        try {
            BrokerData.delete(brokerData);
        } catch (IOException e) {
            report.progress("the broker's data is left in %s: %s", brokerData, e.toString());
        }
    }
}
