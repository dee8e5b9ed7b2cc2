package dev.convene.runtime.host;

import dev.convene.runtime.host.beat.Beats;
import dev.convene.runtime.host.beat.Life;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.HandlerFailures;
import dev.convene.runtime.host.log.KafkaAccess;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogEpoch;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.LogWriter;
import dev.convene.runtime.host.log.RemoteCalls;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.snapshot.ChunkReader;
import dev.convene.runtime.host.snapshot.SnapshotStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's part in the cluster: its name and run, its clocks, and the Kafka clients that its hosts, readers and
 * gateways share. One for each service of a process. Thread-safe.
 */
public final class Instance implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Instance.class);

    /** How long a start waits for the first beats and the list of snapshots. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    /** Who was heard within this time counts as there, milliseconds. */
    private static final long THERE_MS = 2000;
    /** For chunks and manifests, on which no request waits. */
    private static final LogWriter.Settings BULK = new LogWriter.Settings(
            Duration.ofMillis(5), Duration.ofSeconds(20), Duration.ofSeconds(5), 16L << 20, 1 << 20);
    /** For beats: a late one is worth nothing. */
    private static final LogWriter.Settings SMALL =
            new LogWriter.Settings(Duration.ZERO, Duration.ofSeconds(1), Duration.ofMillis(100), 1L << 20, 1 << 20);

    /** The process ended by an error that left a thread of its core dead. */
    private static final int FAILED_EXIT_CODE = 70;

    /**
     * @param name the instance's name, unique in the cluster
     * @param role what it is, for people and metrics: {@code gateway}, {@code group-service}
     * @param hosted the logs whose shards it can hold; empty for gateways
     * @param exclusive whether the name belongs to this process alone while it runs (a lock on its data directory): the
     *     terms of its earlier runs can then be taken over at once
     * @param kafka how to reach the cluster
     * @param topics replication of topics that are made, and the checks
     * @param definitions the topics that it needs
     * @param writer settings of the writer for requests, effects and terms
     */
    public record Settings(
            String name,
            String role,
            List<String> hosted,
            boolean exclusive,
            KafkaAccess kafka,
            Topics.Settings topics,
            List<TopicDefinition> definitions,
            LogWriter.Settings writer) {
        public Settings {
            hosted = List.copyOf(hosted);
            definitions = List.copyOf(definitions);
        }

        /** One broker, the topics of Convene, the default writer. */
        public static Settings of(String name, String role, List<String> hosted, String bootstrapServers) {
            return new Settings(
                    name,
                    role,
                    hosted,
                    false,
                    KafkaAccess.of(bootstrapServers, name + "-" + role),
                    Topics.Settings.SINGLE,
                    TopicDefinition.all(),
                    LogWriter.Settings.DEFAULT);
        }

        /** The same with other topics. */
        public Settings withDefinitions(List<TopicDefinition> other) {
            return new Settings(name, role, hosted, exclusive, kafka, topics, other, writer);
        }

        /** The same, with a name that belongs to this process alone. */
        public Settings asExclusive() {
            return new Settings(name, role, hosted, true, kafka, topics, definitions, writer);
        }
    }

    /** For {@link #onFailure}: ends the process at once, since nothing in it can be trusted; others take over. */
    public static final Consumer<Throwable> END_PROCESS =
            failure -> Runtime.getRuntime().halt(FAILED_EXIT_CODE);

    /** The lives of this process: they begin and end with it. */
    private static final Set<Life> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();

    private final Settings settings;
    private final Clocks clocks;
    private final MeterRegistry meters;
    private final HandlerFailures handlerFailures;
    private final Life life;
    private final RemoteCalls adminCalls;
    private final RemoteCalls snapshotCalls;
    private final RemoteCalls requestCalls;
    private final LogAdmin admin;
    private final LogWriter writer;
    private final LogWriter bulkWriter;
    private final LogWriter beatWriter;
    private final LogReader control;
    private final Beats beats;
    private final SnapshotStore snapshots;
    private final Semaphore largeSnapshots = new Semaphore(1);
    private final Map<String, LogEpoch> epochs = new ConcurrentHashMap<>();
    private final Map<String, Integer> partitions = new ConcurrentHashMap<>();
    private volatile Consumer<Throwable> onFailure = failure -> {};

    private Instance(Settings settings, Clocks clocks, MeterRegistry meters) {
        this.settings = settings;
        this.clocks = clocks;
        this.meters = meters;
        this.handlerFailures = new HandlerFailures(meters, clocks);
        this.life = new Life(settings.name(), ThreadLocalRandom.current().nextLong() >>> 24);
        this.adminCalls = calls("admin", RemoteCalls.Settings.QUESTIONS);
        this.snapshotCalls = calls("snapshots", RemoteCalls.Settings.LOADS);
        this.requestCalls = calls("requests", RemoteCalls.Settings.QUESTIONS);
        this.admin = new LogAdmin(settings.kafka(), adminCalls);
        this.writer = new LogWriter("log", settings.kafka(), settings.writer(), clocks, meters);
        this.bulkWriter = new LogWriter("snapshots", settings.kafka(), BULK, clocks, meters);
        this.beatWriter = new LogWriter("beats", settings.kafka(), SMALL, clocks, meters);
        this.control = newReader("control");
        this.beats = new Beats(life, settings.role(), settings.hosted(), control, beatWriter, clocks, handlerFailures);
        calls().forEach(calls -> beats.onBrokerBack(calls::brokerIsBack));
        this.snapshots = new SnapshotStore(
                new ChunkReader(settings.kafka(), admin, snapshotCalls), bulkWriter, admin, clocks, handlerFailures);
        OF_THIS_PROCESS.add(life);
    }

    /**
     * Starts: makes and checks the topics, begins to beat, learns what snapshots there are. Blocks, within the timeout of
     * the topics and half a minute.
     *
     * @throws dev.convene.runtime.host.log.TopicsException if the topics are not as they have to be
     * @throws org.apache.kafka.common.KafkaException if the broker does not answer in time
     */
    public static Instance start(Settings settings, Clocks clocks, MeterRegistry meters) {
        Instance instance = new Instance(settings, clocks, meters);
        try {
            instance.begin();
            return instance;
        } catch (RuntimeException e) {
            instance.close();
            throw e;
        }
    }

    private void begin() {
        Topics.ensure(admin, settings.definitions(), settings.topics());
        settings.definitions().forEach(definition -> partitions.put(definition.name(), definition.partitions()));
        writer.prepare(partitions.keySet());
        beatWriter.prepare(List.of(Topics.BEATS));
        snapshots.follow(control);
        beats.start(admin);
        LogAdmin.await(snapshots.ready(), START_TIMEOUT);
        LogAdmin.await(beats.ready(), START_TIMEOUT);
        log.info(
                "{} {} is part of the cluster at {}",
                settings.role(),
                life,
                settings.kafka().bootstrapServers());
    }

    /** A new tailing reader with a thread of its own. Whoever makes it closes it. */
    public LogReader newReader(String part) {
        return newReader(part, LogReader.Settings.DEFAULT);
    }

    /** A new tailing reader with a thread of its own. Whoever makes it closes it. */
    public LogReader newReader(String part, LogReader.Settings readerSettings) {
        String name = settings.name() + "-" + part;
        LogReader reader = new LogReader(name, settings.kafka(), readerSettings, clocks, admin);
        reader.died().thenAccept(failure -> onFailure.accept(failure));
        return reader;
    }

    /**
     * What is done when a thread that reads logs was ended by an error. Its shards are given away in any case; unless this ends
     * the process, the rest of it goes on.
     */
    public void onFailure(Consumer<Throwable> action) {
        onFailure = action;
    }

    /** Records that could not be taken. */
    public HandlerFailures handlerFailures() {
        return handlerFailures;
    }

    /** Its settings. */
    public Settings settings() {
        return settings;
    }

    /** Its name and run. */
    public Life life() {
        return life;
    }

    /** The names of the instances of other processes that are heard and do not go down, sorted. */
    List<String> others() {
        return beats.book().heardWithin(THERE_MS, clocks.monotonicMs()).stream()
                .filter(beat -> !beat.leaving() && !OF_THIS_PROCESS.contains(beat.life()))
                .map(beat -> beat.life().instance())
                .sorted()
                .toList();
    }

    /** Its clocks. */
    public Clocks clocks() {
        return clocks;
    }

    /** Its metrics. */
    public MeterRegistry meters() {
        return meters;
    }

    private RemoteCalls calls(String part, RemoteCalls.Settings callSettings) {
        return new RemoteCalls(settings.role() + "-" + part, callSettings, meters);
    }

    /** What stands round whatever a request of a client waits for and no other guards. */
    public RemoteCalls requestCalls() {
        return requestCalls;
    }

    /** All that stands round calls of the broker, for health. */
    public List<RemoteCalls> calls() {
        return List.of(adminCalls, snapshotCalls, requestCalls);
    }

    /** Questions about logs. */
    public LogAdmin admin() {
        return admin;
    }

    /** For requests, effects, terms and ticks. */
    public LogWriter writer() {
        return writer;
    }

    /** Who lives. */
    public Beats beats() {
        return beats;
    }

    /** Snapshots. */
    public SnapshotStore snapshots() {
        return snapshots;
    }

    /** Who writes a snapshot from a second machine holds this: such states are in memory twice one at a time. */
    Semaphore largeSnapshots() {
        return largeSnapshots;
    }

    /** The log's epoch. Blocks the first time, up to half a minute. */
    public LogEpoch epoch(String logName) {
        LogEpoch known = epochs.get(logName);
        if (known == null) {
            known = snapshots.epoch(logName, START_TIMEOUT);
            epochs.put(logName, known);
        }
        return known;
    }

    /** How many partitions a topic has. Blocks for a topic that is not among the definitions. */
    public int partitions(String topic) {
        Integer known = partitions.get(topic);
        if (known == null) {
            known = LogAdmin.await(admin.describe(topic), START_TIMEOUT)
                    .partitions()
                    .size();
            partitions.put(topic, known);
        }
        return known;
    }

    /** Says goodbye in a last beat and closes everything, within some seconds. Hosts and readers are closed before. */
    @Override
    public void close() {
        beats.leave();
        // Long enough for the last beat to be handed over; closing the writer waits for its acknowledgement.
        control.flushTurns(Duration.ofMillis(100));
        control.close();
        beatWriter.close();
        writer.close();
        bulkWriter.close();
        admin.close();
        snapshotCalls.close();
        requestCalls.close();
        OF_THIS_PROCESS.remove(life);
    }
}
