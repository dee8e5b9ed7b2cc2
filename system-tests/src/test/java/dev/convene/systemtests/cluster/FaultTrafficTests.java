package dev.convene.systemtests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.systemtests.raw.PlainConsumer;
import dev.convene.testkit.Contract;
import dev.convene.testkit.check.order.Event;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Processes are killed and paused while members over every surface send and read through both gateways. What all of them
 * saw is judged by every checker: one order, the same views, nothing acknowledged lost, nothing doubled.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class FaultTrafficTests {
    private static final int SOME = 20;
    private static final int RANDOM_FAULTS = 3;

    private enum Fault {
        GATEWAY_KILLED,
        GATEWAY_PAUSED,
        GROUP_SERVICE_KILLED,
        GROUP_SERVICE_PAUSED,
        BROKER_KILLED
    }

    private final long seed = Long.getLong("convene.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Cluster cluster;

    @BeforeEach
    void everythingRuns() {
        cluster = Cluster.shared();
    }

    private Traffic traffic(String name) {
        List<Supplier<URI>> gateways = List.of(() -> cluster.gateway(0), () -> cluster.gateway(1));
        return new Traffic(name, gateways, seed);
    }

    @Contract({"G22", "G26", "G50", "G52", "G54", "G56", "G59", "G65"})
    @ParameterizedTest
    @EnumSource
    void everyPromiseIsKeptThrough(Fault fault) {
        try (Traffic traffic = traffic(fault.name())) {
            traffic.awaitMore(SOME);
            happen(fault, random.nextInt(2), traffic);
            traffic.awaitMore(SOME);
            judge(traffic, fault.name());
        }
    }

    @Contract("G65")
    @Test
    void everyPromiseIsKeptThroughFaultsInAnyOrder() {
        try (Traffic traffic = traffic("any-order")) {
            traffic.awaitMore(SOME);
            StringBuilder story = new StringBuilder();
            for (int i = 0; i < RANDOM_FAULTS; i++) {
                Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
                story.append(story.isEmpty() ? "" : ", ").append(fault);
                happen(fault, random.nextInt(2), traffic);
            }
            traffic.awaitMore(SOME);
            judge(traffic, story.toString());
        }
    }

    /** Also what a plain consumer makes of the log, which holds what was written twice or in vain, is what members saw. */
    private void judge(Traffic traffic, String what) {
        List<Event.Delivered> delivered = traffic.judge(what).stream()
                .flatMap(history -> history.events().stream())
                .filter(Event.Delivered.class::isInstance)
                .map(Event.Delivered.class::cast)
                .toList();
        for (String group : traffic.groups()) {
            Set<String> seen = delivered.stream()
                    .filter(message -> message.groups().contains(group))
                    .map(Event.Delivered::messageId)
                    .collect(Collectors.toSet());
            assertThat(PlainConsumer.bodies(cluster.bootstrapServers(), group))
                    .containsExactlyInAnyOrderElementsOf(seen);
        }
    }

    /** Of two processes of a kind it is the one with this number; whatever was killed is started again. */
    private void happen(Fault fault, int number, Traffic traffic) {
        switch (fault) {
            case GATEWAY_KILLED -> {
                cluster.gateways[number].kill();
                traffic.awaitMore(SOME);
                traffic.awaitReady(cluster.startGateway(number));
            }
            case GATEWAY_PAUSED -> pause(cluster.gateways[number], traffic);
            case GROUP_SERVICE_KILLED -> {
                cluster.groupServices[number].kill();
                traffic.awaitMore(SOME);
                traffic.awaitReady(cluster.startGroupService(number));
            }
            case GROUP_SERVICE_PAUSED -> pause(cluster.groupServices[number], traffic);
            case BROKER_KILLED -> {
                cluster.broker().kill();
                cluster.restartBroker();
                traffic.awaitMore(SOME);
            }
        }
    }

    private static void pause(ChildProcess process, Traffic traffic) {
        process.pause();
        traffic.awaitMore(SOME);
        process.goOn();
        process.awaitReady();
    }
}
