package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.ServiceLevel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A resumed session whose missed messages cannot be read is told whether coming back helps. */
class ReplayFailureTests {
    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, TRY_LATER",
        "OVERLOADED, TRY_LATER",
        "INTERNAL, TRY_LATER",
        "SHARD_HALTED, SHARD_HALTED",
        "NOT_RECOVERED, POSITION_LOST",
        "TIMED_OUT, POSITION_LOST"
    })
    void aReplayThatFailsSaysWhetherToComeBack(ErrorCode failure, CloseCode expected) {
        World world = new World();
        CoreSettings usual = CoreSettings.of("g1", "test", Limits.DEFAULT);
        LogGateway gateway = world.gateway(new CoreSettings(
                usual.name(),
                usual.version(),
                usual.limits(),
                usual.requestTimeoutMs(),
                usual.attachTimeoutMs(),
                usual.idleMs(),
                0,
                usual.resumeBatchMs(),
                usual.catchUpBytesPerSecond(),
                usual.resumesUnderWay(),
                usual.resumesPerSecondMin()));
        World.Client ann = world.new Client(gateway, "ann");
        World.Client bob = world.new Client(gateway, "bob");
        bob.join("room");
        bob.texts();
        bob.lose();
        ann.send(ServiceLevel.AGREED, "missed", "room");
        world.gateways.get(gateway).replayFailure = failure;
        bob.resume(gateway);
        assertThat(bob.session.closed()).isEqualTo(expected);
    }
}
