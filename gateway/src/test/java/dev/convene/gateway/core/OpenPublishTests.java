package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ServiceLevel;
import dev.convene.testkit.Contract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions without a name of their own, and clients without a session. */
class OpenPublishTests {
    private final World world = new World();
    private final List<LogGateway> gateways = List.of(world.gateway("g1"), world.gateway("g2"));

    @Contract("G1")
    @Test
    void whoGivesNoNameGetsOneThatNobodyElseHas() {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            addresses.add(world.new Client(gateways.getFirst(), null).address);
        }
        assertThat(addresses).doesNotHaveDuplicates().allMatch(address -> address.matches("#[^#]+#g1"));
    }

    @Contract("G36")
    @Test
    void whatIsPublishedAfterTheAnswerToWhatCameBeforeComesAfterIt() {
        World.Client ann = world.new Client(gateways.getFirst(), "ann");
        ann.join("room");
        ann.texts();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            expected.add("m" + i);
            world.get(gateways.get(i % 2)
                    .call(Principal.DEVELOPMENT, World.message(ServiceLevel.AGREED, "m" + i, "room")));
        }
        assertThat(ann.texts()).isEqualTo(expected);
    }
}
