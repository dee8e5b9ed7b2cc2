package dev.convene.gateway.config;

import dev.convene.protocol.Limits;
import dev.convene.protocol.Names;
import dev.convene.runtime.host.log.Topics;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the gateway's core, all under {@code convene}.
 *
 * @param instance the instance's name, unique in the cluster; the gateway's name in private groups
 * @param kafka how to reach Kafka
 * @param gateway what only this service needs
 */
@ConfigurationProperties("convene")
public record GatewaySettings(
        @DefaultValue("local") String instance,
        @DefaultValue Kafka kafka,
        @DefaultValue Gateway gateway) {
    public GatewaySettings {
        // It is a part of the names of groups, and of the instance's beats.
        SettingRules.require(
                Names.isGatewayName(instance) && instance.matches("[A-Za-z0-9._-]+"),
                "convene.instance",
                instance,
                "1 to " + Names.GATEWAY_NAME_MAX + " letters, digits, '.', '-' and '_'");
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
            SettingRules.positive("convene.kafka.replication-factor", replicationFactor);
            SettingRules.positive("convene.kafka.start-timeout", startTimeout);
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
     * @param requestTimeout a request without an answer is told so after this and a tenth of a second, and so is whatever
     *     waits for a log that is away
     * @param attachTimeout how long a connect, a resume or the first use of a domain may take while the logs are there
     * @param idleTimeout a session of single HTTP requests is suspended when none has come for this long
     * @param ringBytesMax most bytes of recent pushes that are remembered for resumes, per partition
     * @param resumeBatch sessions that resume within this time share one replay
     * @param catchUpBytesPerSecond how fast sessions that resume or replay are served, all together; more makes many
     *     resumes faster and what is live slower meanwhile
     * @param resumesUnderWay how many sessions are taken up at a time; the others wait for their turn
     * @param resumesPerSecondMin how many are taken up a second even if each takes long
     * @param appendsMax most appends on their way at a time
     * @param limits what is enforced and announced
     */
    public record Gateway(
            @DefaultValue("1750ms") Duration requestTimeout,
            @DefaultValue("5s") Duration attachTimeout,
            @DefaultValue("30s") Duration idleTimeout,
            @DefaultValue("8MB") DataSize ringBytesMax,
            @DefaultValue("20ms") Duration resumeBatch,
            @DefaultValue("128MB") DataSize catchUpBytesPerSecond,
            @DefaultValue("8") int resumesUnderWay,
            @DefaultValue("400") int resumesPerSecondMin,
            @DefaultValue("16384") int appendsMax,
            @DefaultValue LimitSettings limits) {
        private static final String PREFIX = "convene.gateway.";

        public Gateway {
            SettingRules.positive(PREFIX + "request-timeout", requestTimeout);
            SettingRules.positive(PREFIX + "attach-timeout", attachTimeout);
            SettingRules.positive(PREFIX + "idle-timeout", idleTimeout);
            SettingRules.positive(PREFIX + "ring-bytes-max", ringBytesMax);
            SettingRules.positive(PREFIX + "resume-batch", resumeBatch);
            SettingRules.positive(PREFIX + "catch-up-bytes-per-second", catchUpBytesPerSecond);
            SettingRules.positive(PREFIX + "resumes-under-way", resumesUnderWay);
            SettingRules.positive(PREFIX + "resumes-per-second-min", resumesPerSecondMin);
            SettingRules.positive(PREFIX + "appends-max", appendsMax);
        }
    }

    /** As in {@link Limits}; what is part of the state machine's behaviour cannot be set. */
    public record LimitSettings(
            @DefaultValue("2MB") DataSize frameBytesMax,
            @DefaultValue("32") int depthMax,
            @DefaultValue("1MB") DataSize messageBytesMax,
            @DefaultValue("16") int domainsPerSessionMax,
            @DefaultValue("1024") int outstandingMax,
            @DefaultValue("16MB") DataSize queuedBytesMax,
            @DefaultValue("20000") int sessionsMax,
            @DefaultValue("25s") Duration heartbeat,
            @DefaultValue("60s") Duration silence,
            @DefaultValue("60s") Duration grace,
            @DefaultValue("30s") Duration waitMax,
            @DefaultValue("1000") int historyPageMax,
            @DefaultValue("100000") int framesPerSecondMax) {
        private static final String PREFIX = "convene.gateway.limits.";

        public LimitSettings {
            SettingRules.positive(PREFIX + "depth-max", depthMax);
            SettingRules.positive(PREFIX + "domains-per-session-max", domainsPerSessionMax);
            SettingRules.positive(PREFIX + "outstanding-max", outstandingMax);
            SettingRules.positive(PREFIX + "queued-bytes-max", queuedBytesMax);
            SettingRules.positive(PREFIX + "sessions-max", sessionsMax);
            SettingRules.positive(PREFIX + "heartbeat", heartbeat);
            SettingRules.positive(PREFIX + "silence", silence);
            SettingRules.positive(PREFIX + "grace", grace);
            SettingRules.positive(PREFIX + "wait-max", waitMax);
            SettingRules.positive(PREFIX + "history-page-max", historyPageMax);
            SettingRules.positive(PREFIX + "frames-per-second-max", framesPerSecondMax);
            MessageSizes.recordBytesMax(frameBytesMax, messageBytesMax);
        }

        Limits toLimits() {
            Limits fixed = Limits.DEFAULT;
            return new Limits(
                    Math.toIntExact(frameBytesMax.toBytes()),
                    depthMax,
                    Math.toIntExact(messageBytesMax.toBytes()),
                    fixed.groupNameMax(),
                    fixed.sessionNameMax(),
                    fixed.groupsPerMessageMax(),
                    fixed.groupsPerSessionMax(),
                    domainsPerSessionMax,
                    fixed.membersListedMax(),
                    fixed.presenceBytesMax(),
                    outstandingMax,
                    queuedBytesMax.toBytes(),
                    sessionsMax,
                    millis(heartbeat),
                    millis(silence),
                    millis(grace),
                    millis(waitMax),
                    fixed.keyMax(),
                    historyPageMax,
                    fixed.unacknowledgedMax(),
                    framesPerSecondMax);
        }
    }

    static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
