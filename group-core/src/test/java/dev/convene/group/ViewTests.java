package dev.convene.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.SessionEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is told what about membership: joins, leaves, ends. A test's name begins with the contract's case. */
class ViewTests {
    private final Partition partition = new Partition();
    private final Client a = partition.connect("a");
    private final Client b = partition.connect("b");
    private final Client c = partition.connect("c");

    private static Told.View view(
            String group, Position id, ViewReason reason, List<Client> members, Client... changed) {
        return new Told.View(group, id, reason, names(members), names(List.of(changed)));
    }

    /** A join's view is the effect after its answer. */
    private static Position viewOf(Answer join) {
        return new Position(join.at().offset(), 1);
    }

    private static List<String> names(List<Client> clients) {
        return clients.stream().map(client -> client.name).toList();
    }

    @Test
    void g09_theFirstJoinGivesExactlyOneViewWithMeAlone() {
        Position at = viewOf(a.join("g"));
        assertThat(a.told()).containsExactly(view("g", at, ViewReason.JOIN, List.of(a), a));
        assertThat(b.told()).isEmpty();
    }

    @Test
    void g10_nothingThatIsOrderedBeforeTheJoinReachesTheJoiner() {
        a.join("g");
        b.say("early", "g");
        Position at = viewOf(b.join("g"));
        a.say("late", "g");
        assertThat(b.told().getFirst()).isEqualTo(view("g", at, ViewReason.JOIN, List.of(a, b), b));
        assertThat(b.bodies()).containsExactly("late");
    }

    @Test
    void g10_aJoinAndAMessageOfAnotherInNeighbouringRecordsAreOrderedByTheLog() {
        a.join("g");
        LogEntry.Command join = b.next(new GroupCommand.Join("g", "", true, Client.NO_PRESENCE));
        LogEntry.Command message = a.next(a.message(ServiceLevel.AGREED, false, "m", "g"));
        partition.append(message);
        partition.append(join);
        assertThat(b.bodies()).isEmpty();
        assertThat(b.views()).hasSize(1);
    }

    @Test
    void g11_allMembersGetTheSameView() {
        a.join("g");
        b.join("g");
        Position at = viewOf(c.join("g"));
        Told.View last = view("g", at, ViewReason.JOIN, List.of(a, b, c), c);
        assertThat(List.of(a.views().getLast(), b.views().getLast(), c.views().getLast()))
                .containsOnly(last);
    }

    @Test
    void g12_joiningTwiceChangesNothing() {
        a.join("g");
        b.join("g");
        assertThat(b.join("g").isOk()).isTrue();
        assertThat(b.views()).hasSize(1);
        a.say("m", "g");
        assertThat(b.bodies()).containsExactly("m");
        b.leave("g");
        assertThat(partition.members("g")).containsExactly(a.name);
    }

    @Test
    void g13_leavingWhatOneHasNotJoinedIsSilentlyIgnored() {
        a.join("g");
        assertThat(b.leave("g").isOk()).isTrue();
        assertThat(b.leave("unknown").isOk()).isTrue();
        assertThat(b.told()).isEmpty();
        assertThat(a.told()).hasSize(1);
    }

    @Test
    void g14_theLeaverGetsASelfLeaveAndNothingOfTheGroupAfterIt() {
        a.join("g");
        b.join("g");
        a.say("before", "g");
        Position at = b.leave("g").at();
        a.say("after", "g");
        assertThat(b.bodies()).containsExactly("before");
        assertThat(b.told().getLast()).isEqualTo(new Told.SelfLeave("g", at));
    }

    @Test
    void g15_remainingMembersGetALeaveView() {
        a.join("g");
        b.join("g");
        b.leave("g");
        Told.View last = a.views().getLast();
        assertThat(last.reason()).isEqualTo(ViewReason.LEAVE);
        assertThat(last.members()).containsExactly(a.name);
        assertThat(last.changed()).containsExactly(b.name);
    }

    @Test
    void g16_aClosedSessionGivesADisconnectViewInEachOfItsGroups() {
        for (String group : List.of("g1", "g2")) {
            a.join(group);
            b.join(group);
        }
        a.news();
        b.close();
        assertThat(a.news()).hasSize(2).allSatisfy(told -> {
            Told.View view = (Told.View) told;
            assertThat(view.reason()).isEqualTo(ViewReason.DISCONNECT);
            assertThat(view.changed()).containsExactly(b.name);
            assertThat(view.members()).containsExactly(a.name);
        });
    }

    @Test
    void g16_aSessionThatIsNotResumedInTimeGivesTheSame() {
        a.join("g");
        b.join("g");
        b.suspend();
        assertThat(a.views()).hasSize(2);
        b.expire();
        assertThat(a.views().getLast().reason()).isEqualTo(ViewReason.DISCONNECT);
        assertThat(a.views()).hasSize(3);
    }

    @Test
    void g17_theLastLeaveEndsTheGroupAndANewOneHasNewViewIds() {
        Set<Position> ids = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            a.join("g");
            a.leave("g");
            assertThat(partition.steady.shard.groups().find("g")).isNull();
        }
        a.views().forEach(view -> assertThat(ids.add(view.id())).isTrue());
        assertThat(ids).hasSize(5);
    }

    @Test
    void g18_theSameMemberListTwiceAreTwoViews() {
        a.join("g");
        b.join("g");
        b.leave("g");
        b.join("g");
        List<Told.View> views = a.views();
        assertThat(views.get(1).members()).isEqualTo(views.get(3).members());
        assertThat(views.get(1).id()).isNotEqualTo(views.get(3).id());
    }

    @Test
    void g19_whoDeclinesMembershipGetsNoneYetIsListedAndServed() {
        a.join("g");
        b.send(new GroupCommand.Join("g", "", false, Client.NO_PRESENCE));
        a.say("m", "g");
        c.join("g");
        b.leave("g");
        assertThat(a.views().get(1).members()).containsExactly(a.name, b.name);
        assertThat(b.told()).hasSize(1);
        assertThat(b.bodies()).containsExactly("m");
    }

    @Test
    void g20_nobodyCanJoinOrLeaveAPrivateGroup() {
        assertThat(a.join(b.name).error()).isEqualTo(ErrorCode.PRIVATE_GROUP);
        assertThat(a.leave(b.name).error()).isEqualTo(ErrorCode.PRIVATE_GROUP);
        assertThat(partition.steady.shard.groups().count()).isZero();
    }

    @Test
    void g20_illegalGroupNamesAreRefusedOnJoinAndLeave() {
        for (String name : List.of("", " ", "a b", "a,b", "a#b", "/a", "a/", "\u0000", "\u00e9", "x".repeat(129))) {
            assertThat(a.join(name).error()).as(name).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
            assertThat(a.leave(name).error()).as(name).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
        }
        assertThat(a.join("x".repeat(128)).isOk()).isTrue();
    }

    @Test
    void g21_membershipMessagesOfTwoGroupsComeInTheOrderOfTheRequests() {
        a.join("g1");
        a.join("g2");
        a.leave("g1");
        a.leave("g2");
        assertThat(a.told()).hasSize(4);
        assertThat(((Told.View) a.told().get(0)).group()).isEqualTo("g1");
        assertThat(((Told.View) a.told().get(1)).group()).isEqualTo("g2");
        assertThat(((Told.SelfLeave) a.told().get(2)).group()).isEqualTo("g1");
        assertThat(((Told.SelfLeave) a.told().get(3)).group()).isEqualTo("g2");
    }

    @Test
    void g22_viewsOfAGroupComeInTheSameOrderEverywhereAndNoneTwice() {
        a.join("g");
        b.join("g");
        c.join("g");
        b.leave("g");
        b.join("g");
        c.close();
        for (Client client : List.of(a, b)) {
            List<Position> ids = client.views().stream().map(Told.View::id).toList();
            assertThat(ids).isSorted().doesNotHaveDuplicates();
            List<Position> all = a.views().stream().map(Told.View::id).toList();
            assertThat(all).containsSubsequence(ids);
        }
    }

    @Test
    void g23_whoReceivesAViewIsInIt() {
        for (Client client : List.of(a, b, c)) {
            client.join("g");
        }
        b.leave("g");
        b.join("g");
        a.close();
        for (Client client : List.of(a, b, c)) {
            assertThat(client.views())
                    .isNotEmpty()
                    .allSatisfy(view -> assertThat(view.members()).contains(client.name));
        }
    }

    @Test
    void g24_joinLeaveJoinEndsInTheFinalStateWithoutAGap() {
        a.join("g");
        for (int i = 0; i < 10; i++) {
            b.join("g");
            b.leave("g");
        }
        b.join("g");
        assertThat(partition.members("g")).containsExactly(a.name, b.name);
        assertThat(a.views()).hasSize(1 + 21);
        for (int i = 1; i < a.views().size(); i++) {
            Told.View before = a.views().get(i - 1);
            Told.View after = a.views().get(i);
            List<String> expected = new ArrayList<>(before.members());
            if (after.reason() == ViewReason.JOIN) {
                expected.addAll(after.changed());
            } else {
                expected.removeAll(after.changed());
            }
            assertThat(after.members()).isEqualTo(expected);
        }
    }

    @Test
    void g24_joinLeaveJoinInOneRecordEndsInTheFinalStateToo() {
        a.join("g");
        a.news();
        GroupCommand join = new GroupCommand.Join("g", "", true, Client.NO_PRESENCE);
        partition.pack(b.next(join), b.next(new GroupCommand.Leave("g")), b.next(join));
        assertThat(partition.members("g")).containsExactly(a.name, b.name);
        assertThat(a.views().stream().map(Told.View::reason))
                .containsExactly(ViewReason.JOIN, ViewReason.JOIN, ViewReason.LEAVE, ViewReason.JOIN);
        assertThat(b.told()).hasSize(3);
    }

    @Test
    void g25_joinsInOneRecordShareAView() {
        a.join("g");
        a.news();
        GroupCommand join = new GroupCommand.Join("g", "", true, Client.NO_PRESENCE);
        partition.pack(b.next(join), c.next(join));
        assertThat(a.news()).hasSize(1);
        assertThat(a.views().getLast().changed()).containsExactly(b.name, c.name);
        assertThat(b.views()).containsExactly(a.views().getLast());
        assertThat(c.views()).containsExactly(a.views().getLast());
    }

    @Test
    void g25_twoThousandJoinInAFewRecordsAndAllEndWithTheSameView() {
        Partition large = new Partition(false);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            clients.add(large.connect("n" + i));
        }
        GroupCommand join = new GroupCommand.Join("g", "", true, Client.NO_PRESENCE);
        for (int from = 0; from < clients.size(); from += 250) {
            large.pack(clients.subList(from, from + 250).stream()
                    .map(client -> client.next(join))
                    .toArray(LogEntry.Command[]::new));
            clients.getFirst().say("m" + from, "g");
        }
        Told.View last = clients.getFirst().views().getLast();
        assertThat(last.members()).hasSize(2000).doesNotHaveDuplicates();
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.views().getLast()).isEqualTo(last);
            assertThat(client.views().size()).isLessThanOrEqualTo(8);
        });
        assertThat(clients.getFirst().bodies()).hasSize(8);
        assertThat(clients.getLast().bodies()).containsExactly("m1750");
    }

    @Test
    void joinsOfTwoGroupsInOneRecordHaveViewsOfTheirOwn() {
        partition.pack(
                a.next(new GroupCommand.Join("g", "", true, Client.NO_PRESENCE)),
                a.next(new GroupCommand.Join("h", "", true, Client.NO_PRESENCE)),
                b.next(new GroupCommand.Join("g", "", true, Client.NO_PRESENCE)));
        assertThat(a.views()).hasSize(2);
        assertThat(a.views().get(0).members()).containsExactly(a.name, b.name);
        assertThat(a.views().get(0).id()).isNotEqualTo(a.views().get(1).id());
    }

    @Test
    void aJoinBeforeAnEndInOneRecordHasItsView() {
        a.join("g");
        partition.append(b.next(new GroupCommand.Join("g", "", true, Client.NO_PRESENCE)));
        partition.tell(new SessionEvent.SessionEnded(b.id, false), new SessionEvent.SessionEnded(c.id, false));
        assertThat(a.views()).hasSize(3);
    }
}
