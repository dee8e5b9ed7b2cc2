package dev.convene.systemtests.groups;

import dev.convene.systemtests.crowd.MassJoin;
import dev.convene.systemtests.crowd.ReconnectStorm;
import dev.convene.testkit.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many at once: G25 and G62. {@code CrowdTests} has the full sizes. */
@Timeout(600)
class MassTests extends GroupsContract {
    @Contract("G25")
    @Test
    void threeHundredJoinAtOnceAndEndWithTheSameView() {
        System.out.println(MassJoin.run(List.of(system.gatewayA(), system.gatewayB()), unused("mass"), 300));
    }

    @Contract("G62")
    @Test
    void aThousandReconnectTogetherAndLoseNothing() {
        System.out.println(ReconnectStorm.run(system.gatewayA(), system.gatewayB(), unused("storm") + "-", 1000));
    }
}
