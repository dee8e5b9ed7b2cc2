package dev.convene.systemtests.cluster;

import dev.convene.systemtests.FreePorts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** Three brokers, each a process of its own that is one of the three controllers too. */
final class ThreeBrokers implements AutoCloseable {
    private static final int COUNT = 3;

    private final int[] ports = new int[COUNT];
    private final Path directory;
    private final ChildProcess[] processes = new ChildProcess[COUNT];

    /** The process of one broker: runs until it is killed. */
    public static final class Node {
        private Node() {}

        /** @param arguments the file with its settings */
        public static void main(String[] arguments) throws IOException {
            Properties settings = new Properties();
            try (var in = Files.newBufferedReader(Path.of(arguments[0]))) {
                settings.load(in);
            }
            KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
            server.startup();
            server.awaitShutdown();
        }
    }

    ThreeBrokers(Path directory) {
        this.directory = directory;
        int[] controllers = new int[COUNT];
        StringBuilder voters = new StringBuilder();
        for (int i = 0; i < COUNT; i++) {
            ports[i] = FreePorts.next();
            controllers[i] = FreePorts.next();
            voters.append(i == 0 ? "" : ",").append(i + 1).append("@127.0.0.1:").append(controllers[i]);
        }
        String cluster = Uuid.randomUuid().toString();
        for (int i = 0; i < COUNT; i++) {
            Path data = directory.resolve("broker" + (i + 1));
            format(data, i + 1, cluster);
            write(file(i + 1), settings(data, i, controllers[i], voters.toString()));
        }
        startWhatIsGone();
    }

    /** Starts those that do not run, each on its data. */
    void startWhatIsGone() {
        for (int i = 0; i < COUNT; i++) {
            if (processes[i] == null || !processes[i].isAlive()) {
                processes[i] = ChildProcess.start(
                        "broker" + (i + 1),
                        Node.class.getName(),
                        0,
                        0,
                        List.of(file(i + 1).toString()));
            }
        }
    }

    private Path file(int node) {
        return directory.resolve("broker" + node + ".properties");
    }

    private static void format(Path data, int node, String cluster) {
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setNodeId(node)
                    .setClusterId(cluster)
                    .setDirectories(List.of(data.toString()))
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setPrintStream(nowhere)
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot format " + data, e);
        }
    }

    private Properties settings(Path data, int index, int controller, String voters) {
        Properties settings = new Properties();
        String client = "CLIENT://127.0.0.1:" + ports[index];
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(index + 1));
        settings.put("log.dirs", data.toString());
        settings.put("listeners", client + ",CONTROLLER://127.0.0.1:" + controller);
        settings.put("advertised.listeners", client);
        settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "CLIENT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", voters);
        settings.put("auto.create.topics.enable", "false");
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        settings.put("log.index.size.max.bytes", Integer.toString(256 << 10));
        settings.put("metric.reporters", "");
        return settings;
    }

    private static void write(Path file, Properties settings) {
        try (Writer out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String bootstrapServers() {
        return "127.0.0.1:" + ports[0] + ",127.0.0.1:" + ports[1] + ",127.0.0.1:" + ports[2];
    }

    /** Kills a broker by its node's number, 1 to 3. */
    void kill(int node) {
        processes[node - 1].kill();
    }

    @Override
    public void close() {
        for (ChildProcess process : processes) {
            process.close();
        }
    }
}
