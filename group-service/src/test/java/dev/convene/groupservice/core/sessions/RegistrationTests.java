package dev.convene.groupservice.core.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import dev.convene.runtime.machine.EffectSink;
import org.junit.jupiter.api.Test;

class RegistrationTests {
    private final SessionsLog log = SessionsLog.ready();

    private GroupPartition home() {
        return log.partition(new Gateway(log, "probe", log.register("probe", 1)).attach("default"));
    }

    @Test
    void theOffsetOfItsRegistrationIsTheIncarnationOfALife() {
        long offset = log.register("gw", 5);

        assertThat(log.pushed(offset)).containsExactly(new SessionReply.GatewayRegistered(offset, 5));
        assertThat(log.shard().liveGateways()).containsExactly(new SessionsShard.LiveGateway(offset, "gw", 0));
    }

    @Test
    void aRegistrationIsAnsweredOnlyWhenTheCommandsOfTheLifeCount() {
        log.hold();
        long offset = log.register("gw", 5);
        assertThat(log.pushed(offset)).isEmpty();
        assertThat(log.machine().view().isLive(offset)).isFalse();

        log.release();

        assertThat(log.machine().view().isLive(offset)).isTrue();
        assertThat(log.pushed(offset)).hasSize(1);
    }

    @Test
    void aNewLifeIsAttachedToTheDefaultDomainOfTheGroups() {
        GroupPartition home = home();
        long offset = log.register("gw", 5);

        assertThat(home.events()).contains(new SessionEvent.GatewayAttached(offset, "gw"));
        assertThat(home.view().isLive(offset)).isTrue();
    }

    @Test
    void aRegistrationThatComesAgainGetsTheSameAnswerAgain() {
        long offset = log.register("gw", 5);
        long again = log.register("gw", 5);

        assertThat(log.pushed(offset))
                .containsExactly(
                        new SessionReply.GatewayRegistered(offset, 5), new SessionReply.GatewayRegistered(offset, 5));
        assertThat(log.pushed(again)).isEmpty();
        assertThat(log.shard().liveGateways()).hasSize(1);
    }

    @Test
    void theNewestProcessOfANameWinsAndTheOlderIsToldSo() {
        Gateway older = log.gateway("gw", 1);
        Gateway newer = log.gateway("gw", 2);

        assertThat(log.pushed(older.incarnation()))
                .endsWith(new SessionReply.GatewayDeclaredLost(older.incarnation(), true));
        assertThat(log.pushed(newer.incarnation()))
                .containsExactly(new SessionReply.GatewayRegistered(newer.incarnation(), 2));
        assertThat(older.ask(Gateway.connecting("a", 7, 0))).isNull();
        assertThat(log.lastPassed()).isEqualTo(EffectSink.Passed.LOST_GATEWAY);
        assertThat(newer.connect("a").epoch()).isEqualTo(1);
    }

    @Test
    void aSupersededProcessThatRegistersAgainDoesNotTakeTheNameBack() {
        Gateway older = log.gateway("gw", 1);
        Gateway newer = log.gateway("gw", 2);

        log.register("gw", 1);

        assertThat(log.pushed(older.incarnation()))
                .containsExactly(
                        new SessionReply.GatewayRegistered(older.incarnation(), 1),
                        new SessionReply.GatewayDeclaredLost(older.incarnation(), true),
                        new SessionReply.GatewayRegistered(older.incarnation(), 1),
                        new SessionReply.GatewayDeclaredLost(older.incarnation(), true));
        assertThat(log.shard().liveGateways())
                .containsExactly(new SessionsShard.LiveGateway(newer.incarnation(), "gw", 0));
    }

    @Test
    void aProcessThatIsSupersededBeforeItWasAnsweredLearnsItsIncarnationFirst() {
        log.hold();
        long older = log.register("gw", 1);
        log.register("gw", 2);

        assertThat(log.pushed(older))
                .containsExactly(
                        new SessionReply.GatewayRegistered(older, 1),
                        new SessionReply.GatewayDeclaredLost(older, true));
        log.release();
        assertThat(log.pushed(older)).hasSize(2);
    }

    @Test
    void aCommandOfASupersededLifeIsRefusedBeforeItsLossCameThroughTheLog() {
        Gateway older = log.gateway("gw", 1);
        log.hold();
        log.register("gw", 2);

        assertThat(older.refusal(Gateway.connecting("a", 7, 0))).isEqualTo(ErrorCode.GATEWAY_LOST);
    }

    @Test
    void aDeclarationOfLossIsVoidIfTheLifeWasHeardOfSince() {
        Gateway gateway = log.gateway("gw");
        long asOf = log.machine().view().nextOffset();
        gateway.connect("a");

        log.owner(new SessionCommand.DeclareGatewayLost(gateway.incarnation(), asOf, 1000));

        assertThat(log.shard().liveGateways()).hasSize(1);
        log.declareLost(gateway);
        assertThat(log.shard().liveGateways()).isEmpty();
        assertThat(log.pushed(gateway.incarnation()))
                .endsWith(new SessionReply.GatewayDeclaredLost(gateway.incarnation(), false));
    }

    @Test
    void aLifeThatWasDeclaredLostComesBackAsANewLife() {
        Gateway lost = log.gateway("gw", 1);
        log.declareLost(lost);

        Gateway next = log.gateway("gw", 1);

        assertThat(next.incarnation()).isGreaterThan(lost.incarnation());
        assertThat(next.connect("a").epoch()).isEqualTo(1);
    }

    @Test
    void aLossIsToldToEveryPartitionWhereTheLifeIsAttachedOnceEach() {
        Gateway gateway = log.gateway("gw");
        for (int i = 0; i < 40; i++) {
            gateway.attach("domain" + i);
        }
        log.declareLost(gateway);

        for (int partition = 0; partition < SessionsLog.PARTITIONS; partition++) {
            assertThat(log.partition(partition).events(SessionEvent.GatewayAttached.class))
                    .hasSize(1);
            assertThat(log.partition(partition).events())
                    .containsOnlyOnce(new SessionEvent.GatewayLost(gateway.incarnation()));
        }
        assertThat(log.machine().view().isLive(gateway.incarnation())).isFalse();
    }

    @Test
    void aGatewayThatSaysGoodbyeIsAnsweredAndGone() {
        Gateway gateway = log.gateway("gw");

        assertThat(gateway.reply(new SessionCommand.UnregisterGateway(1000))).isEqualTo(new SessionReply.Done());
        assertThat(log.shard().liveGateways()).isEmpty();
        assertThat(log.pushed(gateway.incarnation())).hasSize(1);
    }

    @Test
    void whatAnOwnerOrAProcessSaysIsForbiddenToAGatewayLife() {
        Gateway gateway = log.gateway("gw");

        assertThat(gateway.refusal(new SessionCommand.DeclareGatewayLost(gateway.incarnation(), 999, 0)))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(gateway.refusal(new SessionCommand.DeclareLog("x", 1))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(gateway.refusal(new SessionCommand.RegisterGateway("x", 1, 0)))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(log.shard().liveGateways()).hasSize(1);
    }

    @Test
    void anIllegalGatewayNameIsIgnored() {
        log.register("", 1);
        log.register("a#b", 1);
        log.register("a/b", 1);
        log.register("x".repeat(33), 1);

        assertThat(log.shard().liveGateways()).isEmpty();
    }

    @Test
    void theFirstDeclarationOfALogCounts() {
        log.owner(new SessionCommand.DeclareLog(SessionsShard.GROUPS_LOG, 1));
        Gateway gateway = log.gateway("gw");

        assertThat(java.util.stream.IntStream.range(0, 40)
                        .map(i -> gateway.attach("domain" + i).partition()))
                .contains(0, 1, 2, 3);
    }

    @Test
    void aGatewayThatRegistersBeforeTheGroupLogIsKnownIsAttachedThereLater() {
        SessionsLog early = SessionsLog.empty();
        Gateway gateway = early.gateway("gw");
        assertThat(gateway.refusal(Gateway.connecting("a", 7, 0))).isEqualTo(ErrorCode.UNAVAILABLE);

        early.owner(new SessionCommand.DeclareLog(SessionsShard.GROUPS_LOG, SessionsLog.PARTITIONS));

        SessionReply.Connected connected = gateway.connect("a");
        assertThat(early.partition(connected.domains().getFirst()).events().getFirst())
                .isEqualTo(new SessionEvent.GatewayAttached(gateway.incarnation(), "gw"));
    }

    @Test
    void moreLivesThanTheLimitAreIgnored() {
        for (int i = 0; i <= SessionLimits.GATEWAYS_MAX; i++) {
            log.register("gw" + i, i);
        }
        assertThat(log.shard().liveGateways()).hasSize(SessionLimits.GATEWAYS_MAX);
    }
}
