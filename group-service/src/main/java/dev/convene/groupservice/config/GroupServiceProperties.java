package dev.convene.groupservice.config;

import dev.convene.groupservice.core.sessions.SessionLimits;
import dev.convene.runtime.host.beat.Beats;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.snapshot.SnapshotPlan;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the group service, all under {@code convene}.
 *
 * @param instance the instance's name, unique in the cluster; a host's or pod's name serves well
 * @param exclusiveInstance whether a lock keeps a second process of this name away, as that on a data directory does: the
 *     shards of an earlier run are then taken over at once
 * @param kafka how to reach Kafka
 * @param groupService what only this service needs
 * @param audit the copy of what happened for other tools
 */
@ConfigurationProperties("convene")
public record GroupServiceProperties(
        @DefaultValue("local") String instance,
        @DefaultValue("false") boolean exclusiveInstance,
        @DefaultValue Kafka kafka,
        @DefaultValue GroupService groupService,
        @DefaultValue Audit audit) {
    /** A beat's name is this one and the role. */
    private static final int NAME_MAX = 50;

    public GroupServiceProperties {
        require(
                instance.matches("[A-Za-z0-9._-]{1," + NAME_MAX + "}"),
                "convene.instance=" + instance + ": it has to be 1 to " + NAME_MAX
                        + " letters, digits, '.', '-' and '_'");
    }

    /**
     * @param bootstrapServers {@code host:port}, separated by commas
     * @param replicationFactor copies of the topics that are created; from {@value Topics#REPLICATED} on the settings that
     *     keep data are checked too
     * @param minInsyncReplicas copies that must have a record before it is acknowledged; in a cluster at least {@value
     *     Topics#REPLICATED_MIN_INSYNC}
     * @param startTimeout how long a start waits for the broker
     * @param properties further client settings by their Kafka names, for TLS and SASL
     */
    public record Kafka(
            @DefaultValue("localhost:9092") String bootstrapServers,
            @DefaultValue("1") int replicationFactor,
            @DefaultValue("1") int minInsyncReplicas,
            @DefaultValue("60s") Duration startTimeout,
            @DefaultValue Map<String, String> properties) {
        public Kafka {
            require(replicationFactor >= 1, "convene.kafka.replication-factor is at least 1");
            toTopics(replicationFactor, minInsyncReplicas, startTimeout);
        }

        /** How topics are made and checked. */
        Topics.Settings toTopics() {
            return toTopics(replicationFactor, minInsyncReplicas, startTimeout);
        }

        private static Topics.Settings toTopics(int copies, int insync, Duration timeout) {
            return new Topics.Settings(copies, insync, timeout);
        }
    }

    /**
     * @param address where the HTTP server listens
     * @param port its port, 0 for any free one
     * @param replicas how many instances hold each shard
     * @param gatewaySilence how long a gateway may send no beat before it is declared lost
     * @param gatewayGrace longest time for which the sessions of a lost gateway are kept, whatever their own times are
     * @param history how far the log can be read back, by resumes and as history: what is younger stays in it
     * @param snapshots when states are written down, from which a start goes on; what is older than the history goes with the
     *     snapshots that it belongs to
     */
    public record GroupService(
            @DefaultValue("127.0.0.1") String address,
            @DefaultValue("8082") int port,
            @DefaultValue("2") int replicas,
            @DefaultValue("2s") Duration gatewaySilence,
            @DefaultValue("1h") Duration gatewayGrace,
            @DefaultValue History history,
            @DefaultValue Snapshots snapshots) {
        /** Two beats may be late. */
        private static final Duration SILENCE_MIN = Duration.ofMillis(3 * Beats.INTERVAL_MS);

        public GroupService {
            require(replicas >= 1, "convene.group-service.replicas is at least 1");
            require(
                    gatewaySilence.compareTo(SILENCE_MIN) >= 0,
                    "convene.group-service.gateway-silence is at least " + SILENCE_MIN);
            require(
                    !gatewayGrace.isNegative() && gatewayGrace.toMillis() <= SessionLimits.GRACE_MAX_MS,
                    "convene.group-service.gateway-grace is at most " + SessionLimits.GRACE_MAX_MS + " ms");
        }
    }

    /**
     * @param time what is younger is kept
     * @param bytesMax a partition that grows beyond this keeps less
     */
    public record History(
            @DefaultValue("1h") Duration time,
            @DefaultValue("4GB") DataSize bytesMax) {
        public History {
            require(!time.isNegative(), "convene.group-service.history.time is at least 0");
            require(!bytesMax.isNegative(), "convene.group-service.history.bytes-max is at least 0");
        }
    }

    /**
     * When a snapshot of a shard is due: what comes first.
     *
     * @param recordsMax after so many records of its log
     * @param bytesMax after so many bytes of them
     * @param interval after so long if there was any record
     */
    public record Snapshots(
            @DefaultValue("100000") long recordsMax,
            @DefaultValue("64MB") DataSize bytesMax,
            @DefaultValue("10m") Duration interval) {
        public Snapshots {
            require(recordsMax > 0, "convene.group-service.snapshots.records-max is at least 1");
            require(bytesMax.toBytes() > 0, "convene.group-service.snapshots.bytes-max is at least 1");
            require(
                    interval.compareTo(SnapshotPlan.TIME_LEAST) >= 0,
                    "convene.group-service.snapshots.interval is at least " + SnapshotPlan.TIME_LEAST);
        }
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** @param enabled whether facts about sessions and memberships are published to the topic convene.audit */
    public record Audit(@DefaultValue("false") boolean enabled) {}
}
