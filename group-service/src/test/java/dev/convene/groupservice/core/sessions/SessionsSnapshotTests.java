package dev.convene.groupservice.core.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.session.SessionReply;
import dev.convene.runtime.SessionEnd;
import org.junit.jupiter.api.Test;

class SessionsSnapshotTests {
    private final SessionsLog log = SessionsLog.ready();

    @Test
    void aReplicaFromASnapshotEndsWhatWasSuspendedAndStrandedBefore() {
        Gateway lost = log.gateway("lost");
        Gateway other = log.gateway("other");
        SessionReply.Connected stranded = lost.connect("stranded");
        SessionReply.Connected suspended = other.connect("suspended", 3000);
        SessionReply.Connected served = other.connect("served");
        log.declareLost(lost);
        other.suspend(suspended.session(), 1);
        log.pass(1000);

        log.restartFromSnapshot();
        log.pass(60_000);

        GroupPartition home = log.partition(served.domains().getFirst());
        assertThat(home.ended())
                .containsExactly(
                        new GroupPartition.Ended(suspended.session(), SessionEnd.EXPIRED),
                        new GroupPartition.Ended(stranded.session(), SessionEnd.GATEWAY));
        assertThat(other.resume(served.session()).epoch()).isEqualTo(2);
        log.checkReplay();
    }

    @Test
    void aReplicaFromASnapshotRemembersSupersededProcesses() {
        Gateway older = log.gateway("gw", 1);
        Gateway newer = log.gateway("gw", 2);
        log.restartFromSnapshot();

        log.register("gw", 1);

        assertThat(log.pushed(older.incarnation()))
                .endsWith(new SessionReply.GatewayDeclaredLost(older.incarnation(), true));
        assertThat(newer.connect("a").epoch()).isEqualTo(1);
        log.checkReplay();
    }

    @Test
    void aRegistrationThatWasNotAnsweredBeforeTheSnapshotIsAnsweredAfterIt() {
        log.hold();
        long offset = log.register("gw", 5);
        log.restartFromSnapshot();

        log.release();

        assertThat(log.pushed(offset)).containsExactly(new SessionReply.GatewayRegistered(offset, 5));
    }
}
