package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
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

    @Contract("G8")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aCallOnAClosedSessionFailsAtOnce(Surface surface) {
        TestSession session = connect(surface);
        session.close();
        assertThatThrownBy(() -> session.join(unused("late"))).isInstanceOf(RuntimeException.class);
    }

    static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
