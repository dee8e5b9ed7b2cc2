package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Joins, leaves and views: G9 to G25. */
class MembershipTests extends GroupsContract {

    @Contract({"G9", "G10", "G23"})
    @ParameterizedTest
    @EnumSource(Surface.class)
    void theFirstJoinGivesExactlyOneViewWithTheJoinerInIt(Surface surface) {
        TestSession me = connect(surface);
        String group = unused("first");
        connect(surface).multicast(ServiceLevel.AGREED, "before", group);
        me.join(group);
        List<Push> pushes = me.drain();
        assertThat(pushes).hasSize(1);
        Push.View view = Pushes.views(pushes).getFirst();
        assertThat(view.reason()).isEqualTo(ViewReason.JOIN);
        assertThat(view.members()).containsExactly(me.privateGroup());
        assertThat(view.changed()).containsExactly(me.privateGroup());
    }

    @Contract({"G11", "G22"})
    @ParameterizedTest
    @EnumSource(Surface.class)
    void allMembersGetTheSameViewsInTheSameOrder(Surface surface) {
        String group = unused("same");
        TestSession a = connect(surface);
        TestSession b = connect(surface, system.gatewayB(), null);
        TestSession c = connect(surface);
        a.join(group);
        b.join(group);
        c.join(group);
        List<Push.View> ofA = Pushes.views(a.drain());
        List<Push.View> ofB = Pushes.views(b.drain());
        assertThat(ofA).hasSize(3);
        assertThat(ofB).isEqualTo(ofA.subList(1, 3));
        assertThat(ofA.getLast().members()).containsExactly(a.privateGroup(), b.privateGroup(), c.privateGroup());
        assertThat(Pushes.views(c.drain())).containsExactly(ofA.getLast());
    }

    @Contract("G12")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void joiningTwiceChangesNothing(Surface surface) {
        String group = unused("twice");
        TestSession me = connect(surface);
        me.join(group);
        me.join(group);
        me.multicast(ServiceLevel.AGREED, "once", group);
        List<Push> pushes = me.drain();
        assertThat(Pushes.views(pushes)).hasSize(1);
        assertThat(Pushes.texts(pushes)).containsExactly("once");
        me.leave(group);
        assertThat(me.drain()).singleElement().isInstanceOf(Push.Left.class);
    }

    @Contract("G13")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void leavingWhatWasNotJoinedIsIgnored(Surface surface) {
        TestSession me = connect(surface);
        me.leave(unused("never"));
        assertThat(me.drain()).isEmpty();
    }

    @Contract({"G14", "G15"})
    @ParameterizedTest
    @EnumSource(Surface.class)
    void theLeaverGetsItsSelfLeaveAndTheOthersAView(Surface surface) {
        String group = unused("leave");
        TestSession leaver = connect(surface);
        TestSession stayer = connect(surface);
        leaver.join(group);
        stayer.join(group);
        stayer.multicast(ServiceLevel.AGREED, "before", group);
        leaver.leave(group);
        stayer.multicast(ServiceLevel.AGREED, "after", group);
        List<Push> ofLeaver = leaver.drain();
        assertThat(ofLeaver.getLast()).isInstanceOf(Push.Left.class);
        assertThat(Pushes.texts(ofLeaver)).containsExactly("before");
        List<Push> ofStayer = stayer.drain();
        assertThat(Pushes.texts(ofStayer)).containsExactly("before", "after");
        Push.View view = Pushes.views(ofStayer).getLast();
        assertThat(view.reason()).isEqualTo(ViewReason.LEAVE);
        assertThat(view.changed()).containsExactly(leaver.privateGroup());
        assertThat(view.members()).containsExactly(stayer.privateGroup());
    }

    @Contract("G16")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aDisconnectGivesAViewInEachGroup(Surface surface) {
        List<String> groups = List.of(unused("one"), unused("two"));
        TestSession stayer = connect(surface);
        TestSession goer = connect(surface);
        for (String group : groups) {
            stayer.join(group);
            goer.join(group);
        }
        goer.close();
        for (String group : groups) {
            Push.View view = Pushes.untilView(stayer, v -> v.reason() == ViewReason.DISCONNECT);
            assertThat(view.group()).isEqualTo(group);
            assertThat(view.changed()).containsExactly(goer.privateGroup());
        }
    }

    @Contract({"G16", "G49", "G61"})
    @ParameterizedTest
    @EnumSource(Surface.class)
    void anAbruptLossThatIsNotResumedInTimeGivesExactlyOneDisconnect(Surface surface) {
        String group = unused("lost");
        TestSession stayer = connect(surface);
        stayer.join(group);
        TestSession goer = sessions.connect(surface, system.gatewayA(), new SessionOperation.Connect(null, true, 500L));
        goer.join(group);
        goer.abort();
        Push.View view = Pushes.untilView(stayer, v -> v.reason() == ViewReason.DISCONNECT);
        assertThat(view.changed()).containsExactly(goer.privateGroup());
        assertThat(stayer.drain()).isEmpty();
    }

    @Contract({"G17", "G18"})
    @ParameterizedTest
    @EnumSource(Surface.class)
    void viewIdsNeverRepeat(Surface surface) {
        String group = unused("ids");
        TestSession me = connect(surface);
        List<Object> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            me.join(group);
            ids.add(Pushes.view(me).view());
            me.leave(group);
            assertThat(me.next()).isInstanceOf(Push.Left.class);
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Contract("G19")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void whoDeclinesMembershipGetsNoneAndIsListedAndServed(Surface surface) {
        String group = unused("quiet");
        TestSession quiet =
                closing(sessions.connect(surface, system.gatewayA(), new SessionOperation.Connect(null, false, null)));
        TestSession other = connect(surface);
        quiet.join(group);
        other.join(group);
        assertThat(Pushes.view(other).members()).containsExactly(quiet.privateGroup(), other.privateGroup());
        other.multicast(ServiceLevel.AGREED, "data", group);
        quiet.leave(group);
        List<Push> pushes = quiet.drain();
        assertThat(pushes).hasSize(1);
        assertThat(Pushes.texts(pushes)).containsExactly("data");
    }

    @Contract("G20")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void nobodyJoinsAPrivateGroupAndIllegalNamesAreRefused(Surface surface) {
        TestSession me = connect(surface);
        ConnectTests.refused(ErrorCode.PRIVATE_GROUP, () -> me.join(me.privateGroup()));
        ConnectTests.refused(ErrorCode.PRIVATE_GROUP, () -> me.leave(me.privateGroup()));
        for (String name : List.of("", "a b", "x".repeat(129), "ä", "/a", "a/", "a,b")) {
            ConnectTests.refused(ErrorCode.ILLEGAL_GROUP_NAME, () -> me.join(name));
            ConnectTests.refused(ErrorCode.ILLEGAL_GROUP_NAME, () -> me.leave(name));
        }
        assertThat(me.drain()).isEmpty();
    }

    @Contract("G21")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void fourMembershipMessagesInTheOrderOfTheCalls(Surface surface) {
        String one = unused("g1");
        String two = unused("g2");
        TestSession me = connect(surface);
        me.join(one);
        me.join(two);
        me.leave(one);
        me.leave(two);
        assertThat(me.drain())
                .extracting(push -> switch (push) {
                    case Push.View view -> "view " + view.group();
                    case Push.Left left -> "left " + left.group();
                    default -> String.valueOf(push);
                })
                .containsExactly("view " + one, "view " + two, "left " + one, "left " + two);
    }

    @Contract("G24")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void rapidJoinsAndLeavesEndInTheFinalState(Surface surface) {
        String group = unused("rapid");
        TestSession watcher = connect(surface);
        TestSession rapid = connect(surface);
        watcher.join(group);
        int rounds = 20;
        for (int i = 0; i < rounds; i++) {
            rapid.join(group);
            rapid.leave(group);
        }
        rapid.join(group);
        List<Push.View> views = Pushes.views(watcher.drain());
        assertThat(views).hasSize(2 + 2 * rounds);
        for (int i = 1; i < views.size(); i++) {
            assertThat(views.get(i).reason()).isEqualTo(i % 2 == 1 ? ViewReason.JOIN : ViewReason.LEAVE);
        }
        assertThat(views.getLast().members()).containsExactly(watcher.privateGroup(), rapid.privateGroup());
    }

    @Contract("G25")
    @Test
    void manyJoinAtOnceAndEndWithTheSameView() {
        String group = unused("mass");
        int count = 100;
        List<TestSession> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(connect(
                    i % 2 == 0 ? Surface.WS_JSON : Surface.WS_CBOR,
                    i % 3 == 0 ? system.gatewayB() : system.gatewayA(),
                    null));
        }
        members.stream()
                .map(member -> member.send(new GroupOperation.Join(group, null, null, null, null, 0)))
                .toList()
                .forEach(answer -> assertThat(dev.convene.testkit.client.TestSessions.await(answer))
                        .isInstanceOf(Answer.Accepted.class));
        List<Push.View> last = members.stream()
                .map(member -> Pushes.untilView(member, view -> view.size() == count))
                .toList();
        assertThat(last).allMatch(view -> view.equals(last.getFirst()));
        assertThat(last.getFirst().members()).hasSize(count);
    }
}
