package dev.convene.systemtests.cluster;

import dev.convene.systemtests.crowd.MassJoin;
import dev.convene.systemtests.crowd.ReconnectStorm;
import dev.convene.testkit.Contract;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Thousands at once, each service a process of its own: G25 and G62 at their full sizes. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(900)
class CrowdTests {
    private Cluster cluster;

    @BeforeAll
    void startCluster() {
        cluster = Cluster.shared();
    }

    @Contract("G25")
    @Test
    void twoThousandJoinAtOnceAndEndWithTheSameView() {
        System.out.println(MassJoin.run(List.of(cluster.gateway(0), cluster.gateway(1)), "mass", 2000));
    }

    @Contract("G62")
    @Test
    void tenThousandReconnectTogetherAndLoseNothing() {
        System.out.println(ReconnectStorm.run(cluster.gateway(0), cluster.gateway(1), "storm-", 10_000));
    }
}
