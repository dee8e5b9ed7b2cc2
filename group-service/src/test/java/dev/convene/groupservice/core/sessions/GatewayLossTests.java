package dev.convene.groupservice.core.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import dev.convene.runtime.SessionEnd;
import dev.convene.runtime.machine.MachineLimits;
import org.junit.jupiter.api.Test;

/** Contract cases G50, G54, G56 and G62, as far as the sessions log decides them. */
class GatewayLossTests {
    private final SessionsLog log = SessionsLog.ready();
    private final Gateway lost = log.gateway("lost");
    private final Gateway other = log.gateway("other");
    private final SessionReply.Connected a = lost.connect("a");
    private final SessionReply.Connected b = lost.connect("b");
    private final GroupPartition home = log.partition(a.domains().getFirst());

    @Test
    void theSessionsOfALostGatewayAreSuspendedAtOnce() {
        log.declareLost(lost);

        assertThat(home.view().session(a.session()).isSuspended()).isTrue();
        assertThat(home.view().session(b.session()).isSuspended()).isTrue();
        assertThat(home.ended()).isEmpty();
    }

    @Test
    void thoseThatAreNotResumedLeaveTogetherByOneRecord() {
        log.declareLost(lost);
        log.pass(SessionsLog.GRACE_MS - 1);
        assertThat(home.ended()).isEmpty();

        log.pass(1);
        log.pass(60_000);

        assertThat(home.events(SessionEvent.GatewayExpired.class)).hasSize(1);
        assertThat(home.ended())
                .containsExactly(
                        new GroupPartition.Ended(a.session(), SessionEnd.GATEWAY),
                        new GroupPartition.Ended(b.session(), SessionEnd.GATEWAY));
        assertThat(log.shard().sessionCount()).isZero();
    }

    /** Each has its own time at least, and they still leave together. */
    @Test
    void theyAreKeptForTheLongestOfTheirOwnTimes() {
        Gateway brief = log.gateway("brief");
        long first = brief.connect("c", 2000).session();
        long second = brief.connect("d", 6000).session();
        log.declareLost(brief);
        log.pass(5999);
        assertThat(home.ended()).isEmpty();
        log.pass(1);
        assertThat(home.ended())
                .containsExactly(
                        new GroupPartition.Ended(first, SessionEnd.GATEWAY),
                        new GroupPartition.Ended(second, SessionEnd.GATEWAY));
    }

    @Test
    void thoseThatWantNoTimeLeaveAtOnce() {
        Gateway brief = log.gateway("brief");
        long only = brief.connect("c", 0).session();
        log.declareLost(brief);
        assertThat(home.ended()).containsExactly(new GroupPartition.Ended(only, SessionEnd.GATEWAY));
    }

    @Test
    void aSessionThatIsResumedElsewhereInTimeIsNotTouched() {
        log.declareLost(lost);
        log.pass(5000);
        other.resume(a.session());
        log.pass(60_000);

        assertThat(home.ended()).containsExactly(new GroupPartition.Ended(b.session(), SessionEnd.GATEWAY));
        assertThat(home.view().session(a.session()).isSuspended()).isFalse();
        assertThat(home.view().session(a.session()).incarnation()).isEqualTo(other.incarnation());
    }

    @Test
    void nothingIsToldAfterTheGracePeriodWhenAllWereResumed() {
        log.declareLost(lost);
        other.resume(a.session());
        other.resume(b.session());
        log.pass(60_000);

        assertThat(home.events(SessionEvent.GatewayExpired.class)).isEmpty();
        // What is still to come is that the answers above are forgotten.
        log.pass(MachineLimits.KEPT_MS);
        assertThat(log.machine().view().nextServedMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void partitionsWithoutSuchSessionsAreNotTold() {
        SessionReply.Domain far = farDomain();
        log.declareLost(lost);
        other.resume(a.session());
        log.pass(60_000);

        assertThat(log.partition(far).events(SessionEvent.GatewayExpired.class)).isEmpty();
        assertThat(home.ended()).containsExactly(new GroupPartition.Ended(b.session(), SessionEnd.GATEWAY));
    }

    @Test
    void eachPartitionIsToldOfItsOwnSessions() {
        SessionReply.Domain far = farDomain();
        log.declareLost(lost);
        log.pass(SessionsLog.GRACE_MS);

        assertThat(log.partition(far).ended())
                .containsExactly(new GroupPartition.Ended(a.session(), SessionEnd.GATEWAY));
        assertThat(home.ended()).hasSize(2);
    }

    /** A domain of session a that does not live in the partition of the default one. */
    private SessionReply.Domain farDomain() {
        int i = 0;
        while (true) {
            SessionReply.Domain domain = lost.attach(a.session(), 1, "far" + i++);
            if (log.partition(domain) != home) {
                return domain;
            }
        }
    }

    @Test
    void aSessionThatWasSuspendedOnItsOwnBeforeEndsByItsOwnTimer() {
        lost.suspend(b.session(), 1);
        log.pass(6000);
        log.declareLost(lost);
        log.pass(4000);

        assertThat(home.ended()).containsExactly(new GroupPartition.Ended(b.session(), SessionEnd.EXPIRED));

        log.pass(6000);
        assertThat(home.ended()).endsWith(new GroupPartition.Ended(a.session(), SessionEnd.GATEWAY));
    }

    @Test
    void aSessionThatWasSuspendedOnItsOwnBeforeCanBeResumedElsewhere() {
        lost.suspend(b.session(), 1);
        log.declareLost(lost);
        other.resume(b.session());
        log.pass(60_000);

        assertThat(home.ended()).containsExactly(new GroupPartition.Ended(a.session(), SessionEnd.GATEWAY));
    }

    @Test
    void aSessionThatLosesTwoGatewaysLeavesWithTheSecond() {
        log.declareLost(lost);
        log.pass(5000);
        other.resume(a.session());
        log.declareLost(other);
        log.pass(5000);
        assertThat(home.ended()).containsExactly(new GroupPartition.Ended(b.session(), SessionEnd.GATEWAY));

        log.pass(5000);

        assertThat(home.ended()).endsWith(new GroupPartition.Ended(a.session(), SessionEnd.GATEWAY));
        assertThat(home.events(SessionEvent.GatewayExpired.class))
                .extracting(SessionEvent.GatewayExpired::incarnation)
                .containsExactly(lost.incarnation(), other.incarnation());
    }

    @Test
    void theNextLifeOfTheSameGatewayResumesTheSessionsOfTheOneBefore() {
        Gateway next = log.gateway("lost");
        next.resume(a.session());
        log.pass(SessionsLog.GRACE_MS);

        assertThat(home.ended()).containsExactly(new GroupPartition.Ended(b.session(), SessionEnd.GATEWAY));
        assertThat(home.view().session(a.session()).incarnation()).isEqualTo(next.incarnation());
        assertThat(next.connect("b").epoch()).isEqualTo(1);
    }

    @Test
    void theNamesOfStrandedSessionsAreTakenUntilTheyAreOver() {
        Gateway next = log.gateway("lost");

        assertThat(next.refusal(Gateway.connecting("a", 8, 0))).isEqualTo(ErrorCode.NAME_NOT_UNIQUE);
        log.pass(SessionsLog.GRACE_MS);
        assertThat(next.connect("a").epoch()).isEqualTo(1);
    }

    @Test
    void withoutAGracePeriodTheSessionsOfAGatewayThatGoesLeaveAtOnce() {
        lost.reply(new SessionCommand.UnregisterGateway(0));

        assertThat(home.ended()).hasSize(2).allMatch(ended -> ended.end() == SessionEnd.GATEWAY);
        assertThat(log.shard().sessionCount()).isZero();
    }

    @Test
    void tenThousandSessionsLeaveByOneRecord() {
        Gateway large = log.gateway("large");
        for (int i = 0; i < 10_000; i++) {
            large.reply(new SessionCommand.Connect("s" + i, Gateway.token(7), true, SessionsLog.GRACE_MS, 20_000));
        }
        log.declareLost(large);
        assertThat(log.shard().sessionCount()).isEqualTo(10_002);
        log.pass(SessionsLog.GRACE_MS);

        assertThat(home.events(SessionEvent.GatewayExpired.class)).hasSize(1);
        assertThat(home.ended()).hasSize(10_000);
        assertThat(log.shard().sessionCount()).isEqualTo(2);
    }
}
