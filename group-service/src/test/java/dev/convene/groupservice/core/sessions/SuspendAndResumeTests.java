package dev.convene.groupservice.core.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import dev.convene.runtime.SessionEnd;
import org.junit.jupiter.api.Test;

/** Contract cases G16, G49, G54 and G61, as far as the sessions log decides them. */
class SuspendAndResumeTests {
    private final SessionsLog log = SessionsLog.ready();
    private final Gateway gateway = log.gateway("gw");
    private final SessionReply.Connected session = gateway.connect("a", 5000);
    private final long id = session.session();
    private final GroupPartition home = log.partition(session.domains().getFirst());

    @Test
    void aSuspendedSessionKeepsItsPlaceAndIsNotServed() {
        gateway.suspend(id, 1);

        assertThat(home.events()).endsWith(new SessionEvent.SessionSuspended(id, 1));
        assertThat(home.view().session(id).isSuspended()).isTrue();
    }

    @Test
    void aSuspendedSessionThatIsNotResumedInTimeEndsOnce() {
        gateway.suspend(id, 1);
        log.pass(4999);
        assertThat(home.ended()).isEmpty();

        log.pass(1);
        log.pass(10_000);

        assertThat(home.ended()).containsExactly(new GroupPartition.Ended(id, SessionEnd.EXPIRED));
        assertThat(log.shard().sessionCount()).isZero();
        assertThat(gateway.connect("a").session()).isNotEqualTo(id);
    }

    @Test
    void suspendingTwiceDoesNotProlongTheGracePeriod() {
        gateway.suspend(id, 1);
        log.pass(4000);
        gateway.suspend(id, 1);
        log.pass(1000);

        assertThat(home.ended()).hasSize(1);
        assertThat(home.events(SessionEvent.SessionSuspended.class)).hasSize(1);
    }

    @Test
    void withoutAGracePeriodALostConnectionEndsTheSessionAtOnce() {
        long brief = gateway.connect("b", 0).session();
        gateway.suspend(brief, 1);

        assertThat(home.ended()).containsExactly(new GroupPartition.Ended(brief, SessionEnd.EXPIRED));
    }

    @Test
    void aResumeInTimeIsNoLeaveAndNoJoin() {
        gateway.suspend(id, 1);
        log.pass(4999);

        SessionReply.Resumed resumed = gateway.resume(id);

        assertThat(resumed).isEqualTo(new SessionReply.Resumed(id, "a", "gw", true, 5000, 2, session.domains()));
        log.pass(60_000);
        assertThat(home.ended()).isEmpty();
        assertThat(home.view().session(id).epoch()).isEqualTo(2);
        assertThat(home.view().session(id).isSuspended()).isFalse();
        assertThat(home.events(SessionEvent.SessionAttached.class)).hasSize(1);
    }

    @Test
    void aResumeOnAnotherGatewayTellsItsLifeFirst() {
        gateway.suspend(id, 1);
        SessionReply.Domain far = farDomain();
        Gateway other = log.gateway("other");

        other.resume(id);

        GroupPartition there = log.partition(far);
        assertThat(there.events())
                .endsWith(
                        new SessionEvent.GatewayAttached(other.incarnation(), "other"),
                        new SessionEvent.SessionResumed(id, 2, other.incarnation()));
        assertThat(home.view().session(id).incarnation()).isEqualTo(other.incarnation());
        assertThat(there.view().session(id).incarnation()).isEqualTo(other.incarnation());
        assertThat(there.view().session(id).privateName()).isEqualTo("#a#gw");
    }

    /** A domain that does not live in the partition of the default one; the session is attached to it. */
    private SessionReply.Domain farDomain() {
        int i = 0;
        while (true) {
            SessionReply.Domain domain = gateway.attach(id, 1, "far" + i++);
            if (log.partition(domain) != home) {
                return domain;
            }
        }
    }

    @Test
    void aSessionThatIsServedMayBeTakenOverByItsClient() {
        Gateway other = log.gateway("other");
        other.resume(id);

        assertThat(gateway.refusal(new SessionCommand.Suspend(id, 1))).isEqualTo(ErrorCode.STALE_EPOCH);
        assertThat(gateway.refusal(new SessionCommand.Close(id, 1))).isEqualTo(ErrorCode.STALE_EPOCH);
        assertThat(gateway.refusal(new SessionCommand.Close(id, 2))).isEqualTo(ErrorCode.STALE_EPOCH);
        assertThat(gateway.refusal(new SessionCommand.Attach(id, 1, "groups", "d")))
                .isEqualTo(ErrorCode.STALE_EPOCH);
        assertThat(home.view().session(id).isSuspended()).isFalse();
    }

    @Test
    void aSuspendOfAnOlderConnectionOnTheSameGatewayIsStale() {
        gateway.resume(id);

        assertThat(gateway.refusal(new SessionCommand.Suspend(id, 1))).isEqualTo(ErrorCode.STALE_EPOCH);
        gateway.suspend(id, 2);
        assertThat(home.view().session(id).isSuspended()).isTrue();
    }

    @Test
    void anotherTokenResumesNothing() {
        gateway.suspend(id, 1);

        assertThat(gateway.refusal(new SessionCommand.Resume(id, Gateway.token(8))))
                .isEqualTo(ErrorCode.WRONG_TOKEN);
        assertThat(gateway.refusal(new SessionCommand.Resume(id, new byte[0]))).isEqualTo(ErrorCode.WRONG_TOKEN);

        log.pass(5000);
        assertThat(home.ended()).hasSize(1);
    }

    @Test
    void aResumeAfterTheGracePeriodIsRefusedAndANewConnectIsANewSession() {
        gateway.suspend(id, 1);
        log.pass(5000);

        assertThat(gateway.refusal(new SessionCommand.Resume(id, Gateway.token(7))))
                .isEqualTo(ErrorCode.SESSION_ENDED);
        long next = gateway.connect("a").session();
        assertThat(home.ended()).containsExactly(new GroupPartition.Ended(id, SessionEnd.EXPIRED));
        assertThat(home.events())
                .endsWith(
                        new SessionEvent.SessionEnded(id, true),
                        new SessionEvent.SessionAttached(next, 1, gateway.incarnation(), "#a#gw", true));
    }

    @Test
    void aSecondSuspendHasAGracePeriodOfItsOwn() {
        gateway.suspend(id, 1);
        log.pass(4000);
        gateway.resume(id);
        gateway.suspend(id, 2);
        log.pass(4999);
        assertThat(home.ended()).isEmpty();
        log.pass(1);
        assertThat(home.ended()).hasSize(1);
    }

    @Test
    void anOutageDoesNotEndASession() {
        gateway.suspend(id, 1);
        log.tick(0);
        log.tick(3_600_000);

        assertThat(home.ended()).isEmpty();
    }

    @Test
    void aCloseEndsTheSessionEverywhereOnce() {
        farDomain();
        gateway.attach(id, 1, "x");
        gateway.close(id, 1);

        for (int partition = 0; partition < SessionsLog.PARTITIONS; partition++) {
            GroupPartition there = log.partition(partition);
            int attached = there.events(SessionEvent.SessionAttached.class).size();
            assertThat(there.events(SessionEvent.SessionEnded.class)).hasSize(attached);
            assertThat(there.view().session(id)).isNull();
        }
        assertThat(home.ended()).containsExactly(new GroupPartition.Ended(id, SessionEnd.CLOSED));
    }
}
