package dev.convene.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.systemtests.cluster.ChildProcess;
import dev.convene.systemtests.cluster.ServiceProcesses;
import dev.convene.testkit.Contract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three brokers, of which one at a time fails in the middle of traffic, and topics that are not safe to start on. */
@Tag("containers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class BrokerFaultTests {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final String[] REPLICATED = {
        "--convene.kafka.replication-factor=3", "--convene.kafka.min-insync-replicas=2"
    };
    private static final int MESSAGES = 200;

    @RegisterExtension
    final KeptLogs logs = new KeptLogs();

    private ReplicatedBrokers brokers;
    private ServiceProcesses services;
    private Topics topics;

    /** Not once before all: so each test that cannot run is counted and says why. */
    @BeforeEach
    void start() {
        if (brokers == null) {
            brokers = new ReplicatedBrokers(logs);
        }
        if (topics == null) {
            topics = new Topics(brokers.bootstrapServers());
        }
        if (services == null) {
            services = new ServiceProcesses(brokers.bootstrapServers(), REPLICATED);
            services.all().forEach(process -> logs.keep(process.name(), process::log));
        }
        services.awaitReady();
    }

    @AfterAll
    void stop() {
        if (services != null) {
            services.close();
        }
        if (topics != null) {
            topics.close();
        }
        if (brokers != null) {
            brokers.close();
        }
    }

    @Contract("G52")
    @ParameterizedTest
    @EnumSource
    void aBrokerThatFailsUnderTrafficLosesDoublesAndReordersNothing(BrokerFault fault) {
        topics.awaitInSync();
        try (RecordedTraffic traffic = new RecordedTraffic(
                fault.name().toLowerCase(java.util.Locale.ROOT), services.gateway(0), services.gateway(1))) {
            traffic.awaitAcknowledged(MESSAGES);
            int victim = topics.leaderOfTheLongest("convene.groups");
            fault.begin(brokers, victim);
            try {
                traffic.awaitAcknowledged(MESSAGES);
                topics.awaitNotInSync(victim);
                traffic.awaitAcknowledged(MESSAGES);
            } finally {
                fault.end(brokers, victim);
            }
            topics.awaitInSync();
            traffic.awaitAcknowledged(MESSAGES);
            System.out.println("MEASURED leader of the group log " + fault + ": " + traffic.check());
        }
    }

    @Test
    void aStartOnTopicsThatCouldLoseWhatIsAcknowledgedIsRefusedAndSaysHowToMendThem() {
        assertThat(TopicDefinition.all()).allSatisfy(definition -> {
            assertThat(topics.copies(definition.name())).isEqualTo(3);
            assertThat(topics.setting(definition.name(), "min.insync.replicas")).isEqualTo("2");
            assertThat(topics.setting(definition.name(), "unclean.leader.election.enable"))
                    .isEqualTo("false");
        });
        topics.alter("convene.groups", "min.insync.replicas", "1");
        topics.alter("convene.sessions", "unclean.leader.election.enable", "true");
        try (ChildProcess told =
                        ServiceProcesses.groupService("gs-told", brokers.bootstrapServers(), List.of(REPLICATED));
                ChildProcess notTold = ServiceProcesses.gateway("gw-not-told", brokers.bootstrapServers(), List.of())) {
            List.of(told, notTold).forEach(process -> logs.keep(process.name(), process::log));
            for (ChildProcess process : List.of(told, notTold)) {
                assertThat(process.awaitEnd(START_PATIENCE)).isNotZero();
                assertThat(process.log())
                        .contains("The topics are not as Convene needs them; nothing was changed")
                        .contains(
                                "convene.groups has min.insync.replicas=1, at least 2 is needed to lose nothing with a"
                                        + " broker: alter the topic with kafka-configs")
                        .contains("convene.sessions has unclean.leader.election.enable=true, not false: alter the topic"
                                + " with kafka-configs");
            }
        } finally {
            topics.alter("convene.groups", "min.insync.replicas", "2");
            topics.alter("convene.sessions", "unclean.leader.election.enable", "false");
        }
    }
}
