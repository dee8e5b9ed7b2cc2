package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.ClosedByServer;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connecting and names: G1 to G8. */
class ConnectTests extends GroupsContract {

    @Contract("G1")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void connectingWithoutANameGivesAUniqueOne(Surface surface) {
        TestSession one = connect(surface);
        TestSession other = connect(surface);
        assertThat(one.privateGroup()).matches("#[^#]+#[^#]+");
        assertThat(other.privateGroup()).matches("#[^#]+#[^#]+").isNotEqualTo(one.privateGroup());
    }

    @Contract("G2")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void theNameStandsInThePrivateGroup(Surface surface) {
        String name = unused("good");
        TestSession session = connect(surface, system.gatewayA(), name);
        assertThat(session.privateGroup())
                .startsWith("#" + name + "#")
                .endsWith("#" + session.connected().gateway());
    }

    @Contract("G3")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aLiveNameIsRefusedAndItsHolderLivesOn(Surface surface) {
        String name = unused("twice");
        TestSession first = connect(surface, system.gatewayA(), name);
        refused(ErrorCode.NAME_NOT_UNIQUE, () -> connect(surface, system.gatewayA(), name));
        assertThat(first.drain()).isEmpty();
        TestSession elsewhere = connect(surface, system.gatewayB(), name);
        assertThat(elsewhere.privateGroup()).isNotEqualTo(first.privateGroup());
    }

    @Contract("G4")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aNameIsFreeAfterItsSessionHasEnded(Surface surface) {
        String name = unused("again");
        connect(surface, system.gatewayA(), name).close();
        assertThat(connect(surface, system.gatewayA(), name).privateGroup()).startsWith("#" + name + "#");
    }

    @Contract("G5")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void illegalNamesAreRefused(Surface surface) {
        for (String name : new String[] {"", "x".repeat(33), "a#b", "a b", "a\tb", "ü", "a,b", "\u0000"}) {
            refused(ErrorCode.ILLEGAL_NAME, () -> connect(surface, system.gatewayA(), name));
        }
    }

    @Contract("G7")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aMessageAlwaysCarriesItsSendersOwnName(Surface surface) {
        TestSession sender = connect(surface);
        TestSession receiver = connect(surface);
        sender.multicast(ServiceLevel.FIFO, "hello", receiver.privateGroup());
        assertThat(Pushes.message(receiver).from()).isEqualTo(sender.privateGroup());
    }

    @Contract("G7")
    @ParameterizedTest
    @EnumSource(names = {"WS_JSON", "HTTP", "SSE"})
    void aNameThatASenderClaimsIsPassedOver(Surface surface) {
        TestSession liar = connect(surface);
        TestSession victim = connect(surface);
        String forged = "{\"group\":\"%s\",\"service\":\"fifo\",\"body\":\"mine\",\"from\":\"%s\",\"sender\":\"%2$s\"}"
                .formatted(victim.privateGroup(), victim.privateGroup());
        TestSessions.await(liar.sendText(GroupOperation.Multicast.NAME, forged));
        assertThat(Pushes.message(victim).from()).isEqualTo(liar.privateGroup());
    }

    @Contract("G8")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aCallOnAClosedSessionFailsAtOnce(Surface surface) {
        TestSession session = connect(surface);
        CompletableFuture<Answer> closing = session.send(new SessionOperation.Close());
        TestSessions.await(closing);
        GroupOperation.Join join = new GroupOperation.Join(unused("late"), null, null, null, null, 0);
        // Over HTTP the gateway refuses; a WebSocket is closed after the answer.
        assertThat(session.send(join))
                .failsWithin(Duration.ofSeconds(2))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfAny(Refused.class, ClosedByServer.class)
                .satisfies(end -> assertThat(
                                end instanceof Refused refused
                                        ? refused.code() == ErrorCode.SESSION_ENDED
                                        : ((ClosedByServer) end).code() == CloseCode.NORMAL.number())
                        .as(end.toString())
                        .isTrue());
    }

    static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
