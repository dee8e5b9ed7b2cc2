package dev.convene.runtime.host.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of the topics, and the check at start: creates what is missing, refuses what differs. A service that started
 * on a topic with the wrong retention would lose its log without a word, so it does not start.
 */
public final class Topics {
    private static final Logger log = LoggerFactory.getLogger(Topics.class);

    /** Answers and pushes of owners to gateway lives. */
    public static final String ANSWERS = "convene.answers";
    /** The instances' signs of life. */
    public static final String BEATS = "convene.beats";
    /** What snapshots there are, and the counters of the log epochs. */
    public static final String MANIFESTS = "convene.manifests";
    /** From this replication factor on a cluster is meant to lose nothing, and is checked for it. */
    public static final int REPLICATED = 3;
    /** Then so many copies must have a record before it is acknowledged, at least: one that fails leaves another. */
    public static final int REPLICATED_MIN_INSYNC = 2;

    /**
     * @param replicationFactor copies of each partition of a topic that is created
     * @param minInsyncReplicas copies that must have a record before it is acknowledged
     * @param timeout how long creation and checks may take, the broker being away included
     */
    public record Settings(int replicationFactor, int minInsyncReplicas, Duration timeout) {
        /** One broker. */
        public static final Settings SINGLE = new Settings(1, 1, Duration.ofSeconds(30));
        /** Three brokers or more: the loss of one loses nothing. */
        public static final Settings CLUSTER = new Settings(REPLICATED, REPLICATED_MIN_INSYNC, Duration.ofSeconds(60));

        public Settings {
            boolean replicated = replicationFactor >= REPLICATED;
            int least = replicated ? REPLICATED_MIN_INSYNC : 1;
            int most = replicated ? replicationFactor - 1 : replicationFactor;
            if (minInsyncReplicas < least || minInsyncReplicas > most) {
                throw new IllegalArgumentException("convene.kafka.min-insync-replicas is " + minInsyncReplicas
                        + "; with convene.kafka.replication-factor=" + replicationFactor + " it must be "
                        + (least == most ? "" + least : "from " + least + " to " + most)
                        + (replicated ? ", so that the loss of one broker neither loses nor stops anything" : ""));
            }
        }

        boolean isReplicated() {
            return replicationFactor >= REPLICATED;
        }
    }

    /** Several services in one process say it once. */
    private static final AtomicBoolean toldOfCopies = new AtomicBoolean();

    /** How often it is said that the broker is waited for. */
    private static final long WORD_NANOS = TimeUnit.SECONDS.toNanos(5);

    private Topics() {}

    /** The topic of a log. */
    public static String ofLog(String logName) {
        return "convene." + logName;
    }

    /** The topic of a log's snapshots. */
    public static String ofSnapshots(String logName) {
        return "convene.snapshots." + logName;
    }

    /**
     * Creates what is missing and checks everything. Blocks up to {@link Settings#timeout}.
     *
     * @throws TopicsException if a topic is not as defined, or the broker cannot be reached in time
     */
    public static void ensure(LogAdmin admin, Collection<TopicDefinition> definitions, Settings settings) {
        if (!settings.isReplicated() && !toldOfCopies.getAndSet(true)) {
            log.info(
                    "Topics are made with {} of each partition, for development: what its broker loses is lost. In a"
                            + " cluster set convene.kafka.replication-factor={} and convene.kafka.min-insync-replicas={}",
                    settings.replicationFactor() == 1 ? "one copy" : settings.replicationFactor() + " copies",
                    REPLICATED,
                    REPLICATED_MIN_INSYNC);
        }
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        long nextWord = System.nanoTime();
        for (; ; ) {
            try {
                // Nothing is made beside topics that are refused.
                List<TopicDefinition> missing = check(admin, definitions, settings);
                create(admin, missing, settings);
                if (check(admin, missing, settings).isEmpty()) {
                    return;
                }
                throw new UnknownTopicOrPartitionException("a topic that was made is not there yet");
            } catch (KafkaException e) {
                if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                    throw new TopicsException(
                            "The topics could not be made or checked within "
                                    + settings.timeout().toSeconds() + " s"
                                    + ". Is the broker running, and may this client create topics? " + e.getMessage(),
                            e);
                }
                if (System.nanoTime() >= nextWord) {
                    log.info("Waiting for the broker: {}", e.getMessage());
                    nextWord = System.nanoTime() + WORD_NANOS;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
    }

    private static void create(LogAdmin admin, Collection<TopicDefinition> definitions, Settings settings) {
        for (TopicDefinition definition : definitions) {
            Map<String, String> topicSettings = new HashMap<>(definition.settings());
            topicSettings.put("min.insync.replicas", Integer.toString(settings.minInsyncReplicas()));
            topicSettings.put("unclean.leader.election.enable", "false");
            NewTopic topic = new NewTopic(
                            definition.name(), definition.partitions(), (short) settings.replicationFactor())
                    .configs(topicSettings);
            try {
                wait(admin.admin()
                        .createTopics(List.of(topic))
                        .all()
                        .toCompletionStage()
                        .toCompletableFuture());
                log.info(
                        "Made topic {} with {} partitions, replication factor {}",
                        definition.name(),
                        definition.partitions(),
                        settings.replicationFactor());
            } catch (TopicExistsException _) {
                log.debug("Topic {} was made by another instance at the same time", definition.name());
            }
        }
    }

    private static Optional<TopicDescription> describe(LogAdmin admin, String topic) {
        try {
            return Optional.of(wait(admin.describe(topic)));
        } catch (KafkaException e) {
            if (LogAdmin.isUnknownTopic(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Checks the topics that are there and returns those that are not. */
    private static List<TopicDefinition> check(
            LogAdmin admin, Collection<TopicDefinition> definitions, Settings settings) {
        List<String> faults = new ArrayList<>();
        List<TopicDefinition> missing = new ArrayList<>();
        for (TopicDefinition definition : definitions) {
            Optional<TopicDescription> found = describe(admin, definition.name());
            if (found.isEmpty()) {
                missing.add(definition);
                continue;
            }
            TopicDescription description = found.get();
            int copies = copies(description);
            checkPartitions(definition, description, settings, copies, faults);
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, definition.name());
            Config config = wait(admin.admin()
                    .describeConfigs(List.of(resource))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .thenApply(configs -> Objects.requireNonNull(configs.get(resource))));
            definition.settings().forEach((setting, value) -> expect(definition, config, setting, value, faults));
            // Also where this process was not told: nobody replicates a topic in order to lose it.
            if (settings.isReplicated() || copies >= REPLICATED) {
                expect(definition, config, "unclean.leader.election.enable", "false", faults);
                checkMinInsync(definition, config, settings, faults);
            }
        }
        if (!faults.isEmpty()) {
            throw new TopicsException(
                    "The topics are not as Convene needs them; nothing was changed:\n  " + String.join("\n  ", faults));
        }
        return missing;
    }

    /** The copies of the partition that has fewest. */
    private static int copies(TopicDescription description) {
        return description.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    private static void checkPartitions(
            TopicDefinition definition,
            TopicDescription description,
            Settings settings,
            int copies,
            List<String> faults) {
        int partitions = description.partitions().size();
        if (partitions != definition.partitions()) {
            faults.add(definition.name() + " has " + partitions + " partitions, not " + definition.partitions()
                    + ": the number is fixed when a log is made. Delete the topic if nothing in it is needed; else set "
                    + definition.name() + "=" + partitions + " in infra/topics.properties and build again");
        }
        if (settings.isReplicated() && copies < REPLICATED) {
            faults.add(definition.name() + " has " + copies + " replicas, " + REPLICATED
                    + " are needed to lose nothing with a broker: reassign the partitions");
        }
    }

    private static void checkMinInsync(
            TopicDefinition definition, Config config, Settings settings, List<String> faults) {
        ConfigEntry entry = config.get("min.insync.replicas");
        int present = entry == null ? 1 : Integer.parseInt(entry.value());
        int needed = Math.max(REPLICATED_MIN_INSYNC, settings.minInsyncReplicas());
        if (present < needed) {
            faults.add(definition.name() + " has min.insync.replicas=" + present + ", at least " + needed
                    + " is needed to lose nothing with a broker: alter the topic with kafka-configs");
        }
    }

    private static void expect(
            TopicDefinition definition, Config config, String setting, String value, List<String> faults) {
        ConfigEntry entry = config.get(setting);
        String present = entry == null ? "unset" : entry.value();
        if (!value.equals(present)) {
            faults.add(definition.name() + " has " + setting + "=" + present + ", not " + value
                    + ": alter the topic with kafka-configs");
        }
    }

    private static <T> T wait(CompletableFuture<T> answer) {
        return LogAdmin.await(answer, LogAdmin.TIMEOUT.plusSeconds(1));
    }
}
