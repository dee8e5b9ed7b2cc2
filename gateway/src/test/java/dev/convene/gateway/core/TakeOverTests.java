package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.SessionOperation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions that are taken up without positions go on after what their clients have confirmed, or are refused. */
class TakeOverTests {
    /** Longer than confirmations gather. */
    private static final long CONFIRMED_MS = 1000;

    private final World world = new World();
    private final LogGateway gateway = world.gateway("g1");
    private final LogGateway other = world.gateway("g2");
    private final World.Client bob = world.new Client(other, "bob");
    private final World.Client ann = world.new Client(gateway, "ann", ReaderKind.REQUESTS);

    private List<String> receive(LogGateway at, LocalSession session) {
        return world.get(at.receive(session, new SessionOperation.Receive(0, 100, List.of()))).pushes().stream()
                .map(push -> World.text(push.push()))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private LocalSession takeOver(LogGateway by, At... at) {
        LocalSession session = world.get(by.session(ann.session.id(), ann.token, List.of(at), Principal.DEVELOPMENT));
        world.pass(100);
        return session;
    }

    @Test
    void aRequestThatTakesASessionOverSkipsNothing() {
        ann.join("room");
        bob.send(ServiceLevel.AGREED, "one", "room");

        assertThat(receive(other, takeOver(other))).containsExactly("one");
    }

    @Test
    void whatWasTakenAndConfirmedByTheNextRequestDoesNotComeAgain() {
        ann.join("room");
        bob.send(ServiceLevel.AGREED, "one", "room");
        assertThat(receive(gateway, ann.session)).containsExactly("one");
        bob.send(ServiceLevel.AGREED, "two", "room");
        assertThat(receive(gateway, ann.session)).containsExactly("two");
        world.pass(CONFIRMED_MS);
        bob.send(ServiceLevel.AGREED, "three", "room");

        assertThat(receive(other, takeOver(other))).containsExactly("two", "three");
    }

    @Test
    void whatAStreamHasTakenIsNotConfirmedByThat() {
        ann.join("room");
        bob.send(ServiceLevel.AGREED, "one", "room");
        SessionOperation.Receive take = new SessionOperation.Receive(0, 100, List.of());
        assertThat(world.get(gateway.next(ann.session, take)).pushes()).hasSize(2);
        assertThat(world.get(gateway.next(ann.session, take)).pushes()).isEmpty();
        world.pass(CONFIRMED_MS);

        assertThat(receive(other, takeOver(other))).containsExactly("one");
    }

    @Test
    void aDomainThatIsLeftOutGoesOnAfterWhatWasConfirmed() {
        World.Client eve = world.new Client(gateway, "eve");
        eve.join("room");
        eve.join("team/a");
        bob.send(ServiceLevel.AGREED, "one", "team/a");
        eve.drain();
        eve.call(new SessionOperation.Seen(List.copyOf(eve.at.values())));
        world.pass(CONFIRMED_MS);
        eve.texts();
        bob.send(ServiceLevel.AGREED, "two", "team/a");
        bob.send(ServiceLevel.AGREED, "three", "room");

        assertThat(eve.resume(other, List.of(eve.at.get("default")))).isTrue();
        assertThat(eve.texts()).containsExactlyInAnyOrder("two", "three");
    }

    @Test
    void aResumeWithoutPositionsGoesOnWhereTheLastOneWithSuchBegan() {
        World.Client eve = world.new Client(gateway, "eve");
        eve.join("room");
        bob.send(ServiceLevel.AGREED, "one", "room");
        eve.texts();
        assertThat(eve.resume(other)).isTrue();
        world.pass(CONFIRMED_MS);
        bob.send(ServiceLevel.AGREED, "two", "room");
        eve.texts();

        assertThat(eve.resume(gateway, List.of())).isTrue();
        assertThat(eve.texts()).containsExactly("two");
    }

    @Test
    void whatIsNoLongerKeptRefusesTheRequestUntilTheSessionIsResumed() {
        ann.join("room");
        bob.send(ServiceLevel.AGREED, "one", "room");
        LogGateway third = world.gateway("g3");
        world.gateways.get(third).oldest = world.logs.groups.getFirst().size();
        for (int i = 0; i < 2; i++) {
            assertThat(world.refusal(third.session(ann.session.id(), ann.token, List.of(), Principal.DEVELOPMENT)))
                    .isEqualTo(ErrorCode.NOT_RECOVERED);
        }
        assertThat(ann.resumed(third, List.of()).recovered()).isFalse();
        world.pass(CONFIRMED_MS);
        // Its answer may have been lost: whoever did not hear it hears it again.
        assertThat(ann.resumed(third, List.of()).recovered()).isFalse();
        bob.send(ServiceLevel.AGREED, "two", "room");
        ann.drain();
        ann.call(new SessionOperation.Seen(List.copyOf(ann.at.values())));
        world.pass(CONFIRMED_MS);
        bob.send(ServiceLevel.AGREED, "three", "room");

        ann.lose();
        assertThat(receive(third, takeOver(third))).containsExactly("three");
    }
}
