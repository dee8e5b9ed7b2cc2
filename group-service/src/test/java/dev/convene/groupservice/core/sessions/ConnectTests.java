package dev.convene.groupservice.core.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import dev.convene.testkit.Contract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract cases G2 to G6, G8 and G63, as far as the sessions log decides them. */
class ConnectTests {
    private final SessionsLog log = SessionsLog.ready();
    private final Gateway gateway = log.gateway("gw");

    @Contract("G2")
    @Test
    void aSessionIsAttachedToTheDefaultDomainUnderItsPrivateName() {
        SessionReply.Connected connected = gateway.connect("good");

        assertThat(connected.domains()).hasSize(1);
        assertThat(connected.domains().getFirst().domain()).isEqualTo("default");
        GroupPartition home = log.partition(connected.domains().getFirst());
        assertThat(home.events())
                .containsExactly(
                        new SessionEvent.GatewayAttached(gateway.incarnation(), "gw"),
                        new SessionEvent.SessionAttached(
                                connected.session(), 1, gateway.incarnation(), "#good#gw", true));
        assertThat(home.view().session("#good#gw")).isNotNull();
    }

    @Contract("G3")
    @Test
    void aSecondSessionWithALiveNameOfTheSameGatewayIsRefused() {
        SessionReply.Connected first = gateway.connect("a");

        assertThat(gateway.refusal(Gateway.connecting("a", 8, 0))).isEqualTo(ErrorCode.NAME_NOT_UNIQUE);

        assertThat(log.shard().sessionCount()).isEqualTo(1);
        assertThat(gateway.resume(first.session()).epoch()).isEqualTo(2);
    }

    @Test
    void theSameNameOnTwoGatewaysMakesTwoSessions() {
        Gateway other = log.gateway("other");

        assertThat(gateway.connect("a").session())
                .isNotEqualTo(other.connect("a").session());
        assertThat(log.shard().sessionCount()).isEqualTo(2);
    }

    @Contract("G4")
    @Test
    void aNameIsFreeAgainAfterItsSessionWasClosed() {
        SessionReply.Connected first = gateway.connect("a");
        gateway.close(first.session(), 1);

        SessionReply.Connected second = gateway.connect("a");

        assertThat(second.session()).isNotEqualTo(first.session());
        GroupPartition home = log.partition(first.domains().getFirst());
        assertThat(home.view().session("#a#gw").id()).isEqualTo(second.session());
    }

    @Test
    void aSuspendedSessionKeepsItsName() {
        SessionReply.Connected first = gateway.connect("a");
        gateway.suspend(first.session(), 1);

        assertThat(gateway.refusal(Gateway.connecting("a", 8, 0))).isEqualTo(ErrorCode.NAME_NOT_UNIQUE);
    }

    @Test
    void aSessionKeepsItsNameOnItsFirstGatewayWhenItMovesToAnother() {
        SessionReply.Connected first = gateway.connect("a");
        Gateway other = log.gateway("other");
        SessionReply.Resumed resumed = other.resume(first.session());

        assertThat(resumed.name()).isEqualTo("a");
        assertThat(resumed.gateway()).isEqualTo("gw");
        assertThat(gateway.refusal(Gateway.connecting("a", 8, 0))).isEqualTo(ErrorCode.NAME_NOT_UNIQUE);
        assertThat(other.connect("a").epoch()).isEqualTo(1);
    }

    @Contract("G5")
    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a#b#c", "a,b", "a/b", "\u00e4", "a\u0007", "123456789012345678901234567890123"})
    void anIllegalNameIsRefused(String name) {
        assertThat(gateway.refusal(Gateway.connecting(name, 7, 0))).isEqualTo(ErrorCode.ILLEGAL_NAME);
        assertThat(log.shard().sessionCount()).isZero();
    }

    @Test
    void aConnectOverTheQuotaIsRefusedAndTheOthersLive() {
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.ask(quotaOfThree("s" + i)).isOk()).isTrue();
        }
        assertThat(gateway.refusal(quotaOfThree("s3"))).isEqualTo(ErrorCode.TOO_MANY_SESSIONS);
        assertThat(log.shard().sessionCount()).isEqualTo(3);
    }

    @Test
    void aSessionThatHasEndedOrMovedDoesNotCountForTheQuota() {
        long closed = ((SessionReply.Connected) gateway.reply(quotaOfThree("a"))).session();
        long moved = ((SessionReply.Connected) gateway.reply(quotaOfThree("b"))).session();
        gateway.reply(quotaOfThree("c"));
        gateway.close(closed, 1);
        log.gateway("other").resume(moved);

        assertThat(gateway.ask(quotaOfThree("d")).isOk()).isTrue();
        assertThat(gateway.ask(quotaOfThree("e")).isOk()).isTrue();
        assertThat(gateway.refusal(quotaOfThree("f"))).isEqualTo(ErrorCode.TOO_MANY_SESSIONS);
    }

    private static SessionCommand quotaOfThree(String name) {
        return new SessionCommand.Connect(name, Gateway.token(7), true, 0, 3);
    }

    @Test
    void aTokenHashOfAnotherLengthAndAGracePeriodOverTheLimitAreRefused() {
        assertThat(gateway.refusal(new SessionCommand.Connect("a", new byte[31], true, 0, 10)))
                .isEqualTo(ErrorCode.BAD_FIELD);
        assertThat(gateway.refusal(Gateway.connecting("a", 7, SessionLimits.GRACE_MAX_MS + 1)))
                .isEqualTo(ErrorCode.BAD_FIELD);
    }

    @Test
    void theSameRequestAgainMakesNoSecondSession() {
        SessionReply.Connected first = gateway.connect("a");

        Answer again = gateway.askAgain(Gateway.connecting("a", 7, SessionsLog.GRACE_MS));

        assertThat(again.duplicate()).isTrue();
        assertThat(SessionsLog.replyOf(again)).isEqualTo(first);
        assertThat(log.shard().sessionCount()).isEqualTo(1);
    }

    @Test
    void manyConnectsInOneRecordMakeSessionsWithDifferentIds() {
        List<LogEntry.Command> commands = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            commands.add(gateway.next(Gateway.connecting("s" + i, 7, 0)));
        }
        log.ask(commands);

        assertThat(log.shard().sessionCount()).isEqualTo(50);
        assertThat(log.facts().stream()
                        .filter(SessionFact.SessionConnected.class::isInstance)
                        .map(fact -> ((SessionFact.SessionConnected) fact).session()))
                .doesNotHaveDuplicates()
                .allMatch(id -> id < 1L << 53);
    }

    @Test
    void aConnectThatNobodyWouldBeAnsweredMakesNoSession() {
        log.ask(
                new Origin(gateway.incarnation(), gateway.incarnation(), 0, 0, 0, 0, ""),
                Gateway.connecting("a", 7, 0));

        assertThat(log.shard().sessionCount()).isZero();
    }

    @Contract("G8")
    @Test
    void whatIsAskedForAClosedSessionIsRefused() {
        long session = gateway.connect("a").session();
        gateway.close(session, 1);

        assertThat(gateway.refusal(new SessionCommand.Close(session, 1))).isEqualTo(ErrorCode.SESSION_ENDED);
        assertThat(gateway.refusal(new SessionCommand.Suspend(session, 1))).isEqualTo(ErrorCode.SESSION_ENDED);
        assertThat(gateway.refusal(new SessionCommand.Resume(session, Gateway.token(7))))
                .isEqualTo(ErrorCode.SESSION_ENDED);
        assertThat(gateway.refusal(new SessionCommand.Attach(session, 1, "groups", "d")))
                .isEqualTo(ErrorCode.SESSION_ENDED);
    }

    @Test
    void closingOneSessionLeavesAnotherOfTheSameUser() {
        long first = gateway.connect("a").session();
        SessionReply.Connected second = gateway.connect("b");
        gateway.close(first, 1);

        GroupPartition home = log.partition(second.domains().getFirst());
        assertThat(home.view().session(second.session())).isNotNull();
        assertThat(home.view().session(first)).isNull();
    }
}
