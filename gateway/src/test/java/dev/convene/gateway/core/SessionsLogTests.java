package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.SessionOperation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway whose own requests no longer match the sessions log begins a new life. */
class SessionsLogTests {
    private final World world = new World();
    private final LogGateway gateway = world.gateway("g1");

    @ParameterizedTest
    @ValueSource(longs = {-1, 1, 100})
    void numbersThatDoNotMatchTheSessionsLogBeginANewLife(long off) {
        World.Client ann = world.new Client(gateway, "ann");
        ann.join("room");
        List<Object> closed = new ArrayList<>();
        ann.session.onClose(closed::add);
        long life = world.heard.get(gateway).incarnation;
        // The log has lost what it answered, or has what was never sent.
        world.sessions.numbers.merge(life, off, Long::sum);

        assertThat(world.refusal(gateway.connect(new ConnectRequest(
                        new SessionOperation.Connect("bob", true, null),
                        Principal.DEVELOPMENT,
                        ReaderKind.CONNECTION))))
                .isEqualTo(ErrorCode.OUT_OF_STEP);
        world.pass(5000);
        assertThat(closed).containsExactly(CloseCode.GATEWAY_LOST);
        assertThat(world.counters.outOfStep.sum()).isEqualTo(1);
        assertThat(world.heard.get(gateway).lost).isEqualTo(1);
        assertThat(world.heard.get(gateway).incarnation).isGreaterThan(life);
        assertThat(ann.resume(gateway)).isTrue();
        assertThat(world.new Client(gateway, "bob").session.closed()).isNull();
    }
}
