package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.SessionOperation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A shard of the group log that cannot be applied any longer: who is attached there is told, nobody else notices. */
class HaltTests {
    private final World world = new World();
    private final LogGateway gateway = world.gateway("g1");
    private final MemoryGroupLog log = world.gateways.get(gateway);
    private final int home = world.sessions.settle("default");
    private final String far = farDomain();
    private final int partition = world.sessions.settle(far);

    /** A domain that lives elsewhere than the default one. */
    private String farDomain() {
        String domain = "far";
        while (world.sessions.settle(domain) == home) {
            domain += "x";
        }
        return domain;
    }

    @Test
    void sessionsThatAreAttachedThereAreClosedWithANameAndRefusedUntilItGoesOn() {
        World.Client ann = world.new Client(gateway, "ann");
        World.Client bob = world.new Client(gateway, "bob");
        ann.join("room");
        bob.join("room");
        ann.join(far + "/a");
        world.get(gateway.call(Principal.DEVELOPMENT, World.message(ServiceLevel.AGREED, "x", far + "/a")));
        ann.texts();
        bob.texts();
        List<CloseCode> closed = new ArrayList<>();
        ann.session.onClose(closed::add);
        log.halt(partition);
        world.pass(100);

        assertThat(closed).containsExactly(CloseCode.SHARD_HALTED);
        assertThat(CloseCode.SHARD_HALTED.isReconnect()).isTrue();
        assertThat(bob.session.closed()).isNull();
        assertThat(gateway.haltedShards()).containsOnlyKeys(partition);
        assertThat(gateway.isReady()).isTrue();
        assertThat(world.heard.get(gateway).halted).containsExactly(partition);
        bob.send(ServiceLevel.AGREED, "still", "room");
        assertThat(bob.texts()).containsExactly("still");
        SessionOperation.Resume resume =
                new SessionOperation.Resume(ann.session.id(), ann.token, List.copyOf(ann.at.values()));
        assertThat(world.refusal(
                        gateway.resume(new ResumeRequest(resume, Principal.DEVELOPMENT, ReaderKind.CONNECTION))))
                .isEqualTo(ErrorCode.SHARD_HALTED);
        assertThat(world.refusal(
                        gateway.call(Principal.DEVELOPMENT, World.message(ServiceLevel.AGREED, "x", far + "/a"))))
                .isEqualTo(ErrorCode.SHARD_HALTED);
        assertThat(world.refusal(
                        gateway.call(Principal.DEVELOPMENT, new GroupOperation.Members(far + "/a", null, null, 10))))
                .isEqualTo(ErrorCode.SHARD_HALTED);
        assertThat(world.refusal(
                        gateway.call(bob.session, new GroupOperation.Join(far + "/b", null, null, null, null, 0))))
                .isEqualTo(ErrorCode.SHARD_HALTED);

        log.goOn(partition);
        world.pass(100);
        assertThat(gateway.haltedShards()).isEmpty();
        assertThat(ann.resume(gateway)).isTrue();
        assertThat(ann.texts()).containsExactly("still");
        ann.send(ServiceLevel.AGREED, "again", far + "/a");
        assertThat(ann.texts()).containsExactly("again");
    }

    @Test
    void theSessionsLogIsToldWhatHasCome() {
        world.new Client(gateway, "ann");
        world.new Client(gateway, "bob");
        world.pass(2000);
        assertThat(world.sessions.confirmed).isNotEmpty().hasSizeLessThan(5);
        assertThat(world.sessions.confirmed.getLast().confirmations())
                .singleElement()
                .satisfies(one -> assertThat(one.requester()).isEqualTo(world.heard.get(gateway).incarnation));
        int before = world.sessions.confirmed.size();
        world.pass(5000);
        assertThat(world.sessions.confirmed).hasSize(before);
    }
}
