package dev.convene.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.EffectSink;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ends, losses, resumes and repetitions. A test's name begins with the contract's case. */
class EndingTests {
    private final Partition partition = new Partition();
    private final Client a = partition.connect("a");
    private final Client b = partition.connect("b");

    @Test
    void g49_aSessionThatExpiresGivesExactlyOneDisconnectViewTheSameAtAllSurvivors() {
        Client c = partition.connect("c");
        List.of(a, b, c).forEach(client -> client.join("g"));
        a.news();
        b.news();
        c.suspend();
        assertThat(a.news()).isEmpty();
        c.expire();
        List<Told> news = a.news();
        assertThat(news).hasSize(1).isEqualTo(b.news());
        assertThat(((Told.View) news.getFirst()).reason()).isEqualTo(ViewReason.DISCONNECT);
    }

    @Test
    void g50_sessionsOfALostGatewayLeaveByOneSignalAndOneNetworkViewPerTouchedGroup() {
        partition.attachGateway(2);
        Client c = partition.connect("c", 2, true);
        Client d = partition.connect("d", 2, true);
        for (String group : List.of("both", "one")) {
            a.join(group);
            c.join(group);
        }
        d.join("both");
        a.join("none");
        b.join("none");
        a.news();
        b.news();
        partition.tell(new SessionEvent.GatewayLost(2));
        assertThat(a.news()).isEmpty();
        partition.tell(new SessionEvent.GatewayExpired(2, new long[] {c.id, d.id}));
        List<Told> news = a.news();
        assertThat(news).hasSize(4);
        assertThat(news.get(0))
                .isInstanceOfSatisfying(
                        Told.Transitional.class, t -> assertThat(t.group()).isEqualTo("both"));
        assertThat(news.get(1)).isInstanceOfSatisfying(Told.View.class, v -> {
            assertThat(v.reason()).isEqualTo(ViewReason.NETWORK);
            assertThat(v.members()).containsExactly(a.name);
        });
        assertThat(((Told.Transitional) news.get(2)).group()).isEqualTo("one");
        assertThat(b.news()).isEmpty();
    }

    @Test
    void g50_whoResumesElsewhereBeforeTheGraceIsOverStaysWithoutAViewChange() {
        partition.attachGateway(2);
        Client c = partition.connect("c", 2, true);
        a.join("g");
        c.join("g");
        a.news();
        partition.tell(new SessionEvent.GatewayLost(2));
        c.resume(Partition.GATEWAY);
        a.say("m", "g");
        assertThat(a.news()).hasSize(1);
        assertThat(c.bodies()).containsExactly("m");
        assertThat(c.say("still here", "g").isOk()).isTrue();
    }

    @Test
    void g51_whoComesWithMeIsEverybodyWhoRemains() {
        partition.attachGateway(2);
        Client c = partition.connect("c", 2, true);
        List.of(a, b, c).forEach(client -> client.join("g"));
        partition.tell(new SessionEvent.GatewayLost(2), new SessionEvent.GatewayExpired(2, new long[] {c.id}));
        Told.View view = a.views().getLast();
        assertThat(view.reason()).isEqualTo(ViewReason.NETWORK);
        assertThat(view.changed()).containsExactly(a.name, b.name).isEqualTo(view.members());
        assertThat(b.views().getLast()).isEqualTo(view);
    }

    @Test
    void g53_aRequestThatIsAppendedTwiceHasOneEffectAndTheSameAnswer() {
        b.join("g");
        LogEntry.Command message = a.next(a.message(ServiceLevel.AGREED, false, "m", "g"));
        Answer first = partition.append(message).getLast().answer();
        Answer second = partition.append(message).getLast().answer();
        assertThat(b.bodies()).containsExactly("m");
        assertThat(second.at()).isEqualTo(first.at());
        assertThat(second.duplicate()).isTrue();
    }

    @Test
    void g53_theSameKeyThroughTwoGatewaysIsOneMessageAndTheSameReply() {
        partition.attachGateway(2);
        Client c = partition.connect("c", 2, true);
        b.join("g");
        GroupCommand.Multicast message = a.message(ServiceLevel.AGREED, false, "m", "g");
        Answer first = partition
                .append(Client.entry(a.incarnation, a.id, a.epoch, ++a.number, 0, "key", message))
                .getLast()
                .answer();
        Answer second = partition
                .append(Client.entry(2, c.id, c.epoch, ++c.number, 0, "key", message))
                .getLast()
                .answer();
        assertThat(b.bodies()).containsExactly("m");
        assertThat(second.at()).isEqualTo(first.at());
        assertThat(second.duplicate()).isTrue();
        assertThat(second.body()).isEqualTo(first.body());
    }

    @Test
    void g53_aRetryAfterAResumeWithTheClientsOwnNumberHasNoSecondEffect() {
        partition.attachGateway(2);
        b.join("g");
        GroupCommand.Multicast message = a.message(ServiceLevel.AGREED, false, "m", "g");
        partition.append(Client.entry(a.incarnation, a.id, a.epoch, ++a.number, 7, "", message));
        a.resume(2);
        Answer again = partition
                .append(Client.entry(a.incarnation, a.id, a.epoch, ++a.number, 7, "", message))
                .getLast()
                .answer();
        assertThat(again.duplicate()).isTrue();
        assertThat(b.bodies()).containsExactly("m");
    }

    @Test
    void g54_nothingOfADeadSessionIsDeliveredAfterItsView() {
        a.join("g");
        b.join("g");
        b.expire();
        partition.append(b.next(b.message(ServiceLevel.AGREED, false, "ghost", "g")));
        assertThat(a.bodies()).isEmpty();
        assertThat(partition.steady.passed).containsExactly(EffectSink.Passed.NOT_ATTACHED);
    }

    @Test
    void g54_nothingThatALostGatewayStillAppendsHasAnEffect() {
        partition.attachGateway(2);
        Client c = partition.connect("c", 2, true);
        a.join("g");
        LogEntry.Command late = c.next(c.message(ServiceLevel.AGREED, false, "late", "g"));
        partition.tell(new SessionEvent.GatewayLost(2));
        partition.append(late);
        assertThat(a.bodies()).isEmpty();
        c.resume(Partition.GATEWAY);
        c.number = 0;
        partition.append(late);
        assertThat(a.bodies()).isEmpty();
        assertThat(c.say("in time", "g").isOk()).isTrue();
        assertThat(a.bodies()).containsExactly("in time");
    }

    @Test
    void g54_theOldGatewayOfAResumedSessionCannotSendForIt() {
        partition.attachGateway(2);
        a.join("g");
        LogEntry.Command late = b.next(b.message(ServiceLevel.AGREED, false, "late", "g"));
        b.number--;
        b.resume(2);
        partition.append(late);
        assertThat(partition.steady.passed).containsExactly(EffectSink.Passed.STALE_EPOCH);
        assertThat(a.bodies()).isEmpty();
    }

    @Test
    void g55_viewIdsRiseSoThatAStaleViewIsKnownAsSuch() {
        a.join("g");
        for (int i = 0; i < 5; i++) {
            b.join("g");
            b.leave("g");
        }
        assertThat(a.views().stream().map(Told.View::id)).isSorted().doesNotHaveDuplicates();
        Group group = partition.steady.shard.groups().find("g");
        assertThat(group.view()).isEqualTo(a.views().getLast().id());
    }

    @Test
    void g61_aSuspensionAndAResumeAreNotSeenByOthers() {
        a.join("g");
        b.join("g");
        a.news();
        b.suspend();
        b.resume(Partition.GATEWAY);
        assertThat(a.news()).isEmpty();
        assertThat(partition.members("g")).containsExactly(a.name, b.name);
    }

    @Test
    void g61_afterTheGracePeriodThereIsExactlyOneDisconnectAndThenAJoin() {
        a.join("g");
        b.join("g");
        a.news();
        b.suspend();
        b.expire();
        Client again = partition.connect("b");
        again.join("g");
        assertThat(a.news().stream().map(told -> ((Told.View) told).reason()))
                .containsExactly(ViewReason.DISCONNECT, ViewReason.JOIN);
    }

    @Test
    void g63_twoSessionsOfAUserAreTwoMembers() {
        Client phone = partition.connect("user-phone");
        Client desk = partition.connect("user-desk");
        phone.join("g");
        desk.join("g");
        phone.close();
        assertThat(partition.members("g")).containsExactly(desk.name);
        a.say("m", "g");
        assertThat(desk.bodies()).containsExactly("m");
        assertThat(phone.bodies()).isEmpty();
    }

    @Test
    void anEndedSessionCannotJoin() {
        a.close();
        partition.append(a.next(new GroupCommand.Join("g", "", true, Client.NO_PRESENCE)));
        assertThat(partition.members("g")).isEmpty();
    }

    @Test
    void aGatewayWithoutSessionCannotJoin() {
        Answer answer =
                partition.sendAsGateway(Partition.GATEWAY, 1, new GroupCommand.Join("g", "", true, Client.NO_PRESENCE));
        assertThat(answer.error()).isEqualTo(ErrorCode.NOT_CONNECTED);
    }
}
