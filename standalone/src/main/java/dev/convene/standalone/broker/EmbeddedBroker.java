package dev.convene.standalone.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A single-node KRaft broker in this JVM, durable in a data directory.
 *
 * <p>Everything acknowledged survives {@link #close()} and the kill of the process: records are in the operating
 * system's page cache by then. A power cut can lose what the system had not yet written; see
 * {@link BrokerOptions#overrides()} for the setting that flushes every record, or run a replicated cluster.
 *
 * <p><b>This class uses internal classes of Kafka</b> ({@code SharedServer}, {@code ControllerServer},
 * {@code BrokerServer}, {@code Formatter}), composed as {@code kafka.server.KafkaRaftServer} composes them but for two
 * things: a fatal fault completes {@link #fatalFault()} instead of halting the JVM, and the listening sockets are bound
 * beforehand. They may change with any release of Kafka: the version is pinned, and the test of this class is what an
 * upgrade has to pass. One thing is left as Kafka has it: when the data directory itself fails (disk full, I/O error)
 * Kafka halts the process, since nothing could be acknowledged any more.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

    private static final String LOG_DIRECTORY = "kafka";
    private static final String FORMAT_MARK = "meta.properties";
    /** A start says what it waits for this often, milliseconds. */
    private static final long TELL_MS = 3000;

    private final BrokerOptions options;
    private final DataDirectoryLock lock;
    private final LoopbackListeners listeners;
    private final BrokerFaults faults;
    private final ControllerServer controller;
    private final BrokerServer broker;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(
            BrokerOptions options, DataDirectoryLock lock, LoopbackListeners listeners, BrokerFaults faults) {
        this.options = options;
        this.lock = lock;
        this.listeners = listeners;
        this.faults = faults;
        Path logDirectory = options.dataDirectory().resolve(LOG_DIRECTORY);
        formatIfNew(logDirectory);
        KafkaConfig config = new KafkaConfig(BrokerSettings.of(options, logDirectory, listeners), false);
        var directories = KafkaRaftServer.initializeLogDirs(config, log, "");
        SharedServer shared = new SharedServer(
                config,
                directories._1(),
                Time.SYSTEM,
                Server.initializeMetrics(
                        config, Time.SYSTEM, directories._1().clusterId().orElseThrow()),
                CompletableFuture.completedFuture(Map.of(
                        BrokerSettings.NODE_ID,
                        new InetSocketAddress(LoopbackListeners.HOST, listeners.controllerPort()))),
                List.of(),
                faults::handler,
                listeners);
        this.broker = new BrokerServer(shared);
        this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), directories._2());
    }

    /**
     * Starts a broker and returns when it takes requests. A data directory that is new or empty is formatted; one that
     * was in use before is continued, after a recovery if its last broker was killed.
     *
     * @throws BrokerStartException if the data directory is in use or not writable, the port is in use, or the broker
     *     fails or does not become ready within {@link BrokerOptions#startTimeout()}
     */
    public static EmbeddedBroker start(BrokerOptions options) {
        long startNanos = System.nanoTime();
        KafkaLoggers.quieten();
        DataDirectoryLock lock = DataDirectoryLock.acquire(options.dataDirectory());
        LoopbackListeners listeners;
        try {
            listeners = LoopbackListeners.bind(options.port());
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
        EmbeddedBroker started;
        try {
            started = new EmbeddedBroker(options, lock, listeners, new BrokerFaults());
        } catch (RuntimeException e) {
            listeners.close();
            lock.close();
            throw startFailed(options, e);
        }
        try {
            started.startAndAwait();
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
        log.info(
                "Broker ready on {} after {} ms, data in {}",
                started.bootstrapServers(),
                Duration.ofNanos(System.nanoTime() - startNanos).toMillis(),
                options.dataDirectory());
        return started;
    }

    private static void formatIfNew(Path logDirectory) {
        if (Files.exists(logDirectory.resolve(FORMAT_MARK))) {
            return;
        }
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setNodeId(BrokerSettings.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(logDirectory.toString()))
                    .setMetadataLogDirectory(logDirectory.toString())
                    .setControllerListenerName(LoopbackListeners.CONTROLLER)
                    // A format that was interrupted before the mark was written is done again.
                    .setIgnoreFormatted(true)
                    .setPrintStream(nowhere)
                    .run();
        } catch (Exception e) {
            throw new BrokerStartException("The data directory " + logDirectory + " cannot be formatted.", e);
        }
    }

    private void startAndAwait() {
        CompletableFuture<Void> startUp = new CompletableFuture<>();
        Thread.ofPlatform().name("broker-start").start(() -> {
            try {
                // The order matters: the controller brings the endpoints of the quorum.
                controller.startup();
                broker.startup();
                startUp.complete(null);
            } catch (Throwable e) {
                startUp.completeExceptionally(e);
            }
        });
        try {
            // A fatal fault can leave the starting thread waiting for something that will never come.
            awaitTelling(CompletableFuture.anyOf(startUp, faults.fatal().thenCompose(CompletableFuture::failedFuture)));
        } catch (ExecutionException e) {
            throw startFailed(options, Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw new BrokerStartException(
                    "The broker on " + options.dataDirectory() + " was not ready after " + options.startTimeout(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerStartException("Interrupted while the broker was starting.", e);
        }
    }

    /** Waits, and says now and then what for. */
    private void awaitTelling(CompletableFuture<Object> started)
            throws ExecutionException, TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + options.startTimeout().toNanos();
        while (true) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            try {
                started.get(Math.clamp(leftMs, 0, TELL_MS), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (leftMs <= TELL_MS) {
                    throw e;
                }
                long bytes = logSizeBytes();
                if (bytes == 0) {
                    log.info("The broker is starting ...");
                } else {
                    log.info("The broker checks its log, {} KiB on the disk ...", bytes >> 10);
                }
            }
        }
    }

    /** What the directory takes, about: files may come and go meanwhile. */
    private long logSizeBytes() {
        try (Stream<Path> files = Files.walk(options.dataDirectory().resolve(LOG_DIRECTORY))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException _) {
            return 0;
        }
    }

    private static BrokerStartException startFailed(BrokerOptions options, Throwable cause) {
        return cause instanceof BrokerStartException known
                ? known
                : new BrokerStartException(
                        "The broker on " + options.dataDirectory() + " failed to start: " + cause, cause);
    }

    /** What clients connect to, as {@code host:port}. */
    public String bootstrapServers() {
        return LoopbackListeners.HOST + ":" + port();
    }

    /** The port for clients on the loopback interface, 1 to 65535. */
    public int port() {
        return listeners.clientPort();
    }

    /**
     * Completes if the broker meets a fault after which it cannot go on; the process should then end, and the next
     * start recovers. Never completes otherwise, not even by {@link #close()}.
     */
    public CompletionStage<Throwable> fatalFault() {
        return faults.fatal().minimalCompletionStage();
    }

    /**
     * Stops the broker and lets the data directory go, within {@link BrokerOptions#stopTimeout()}. If that is not
     * enough, the broker is left as it is, the directory stays locked until the process ends, and the next start
     * recovers the log. Further calls do nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long timeoutMs = options.stopTimeout().toMillis();
        Thread stopping = Thread.ofPlatform().daemon().name("broker-stop").start(() -> {
            // The broker first: it says goodbye to the controller.
            broker.shutdown(options.stopTimeout());
            controller.shutdown();
        });
        try {
            if (stopping.join(Duration.ofMillis(timeoutMs))) {
                listeners.close();
                lock.close();
            } else {
                log.warn("The broker did not stop within {} ms; its log is recovered at the next start", timeoutMs);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            log.warn("Interrupted while the broker was stopping; its log is recovered at the next start");
        }
    }
}
