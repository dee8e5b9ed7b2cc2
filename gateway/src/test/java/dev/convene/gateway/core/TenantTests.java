package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.HistoryStart;
import dev.convene.protocol.frame.MemberDigest;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Two tenants that use the same names of sessions, groups, domains and keys on the same gateways and in one partition: nothing crosses. */
class TenantTests {
    private static final Principal OURS = Principal.DEVELOPMENT;
    private static final Principal THEIRS = new Principal("robot", "acme", Access.ALL);

    private final World world = inOnePartition();
    private final LogGateway g1 = world.gateway("g1");
    private final LogGateway g2 = world.gateway("g2");
    private final Gateway edge = new TenantGateway(g1);
    private final World.Client ours = world.new Client(g1, "ann", ReaderKind.CONNECTION, OURS);
    private final World.Client theirs = world.new Client(g1, "ann", ReaderKind.CONNECTION, THEIRS);

    @Test
    void bothHaveTheSameNameAndNoneSeesTheOther() {
        assertThat(ours.address).isEqualTo("#ann#g1");
        assertThat(theirs.address).isEqualTo("#ann#g1");
        assertThat(theirs.at.keySet()).containsExactly("default");
        for (World.Client client : List.of(ours, theirs)) {
            Answer.Accepted joined = client.join("room");
            assertThat(joined.at().domain()).isEqualTo("default");
        }
        ours.drain();
        theirs.drain();
        for (World.Client client : List.of(ours, theirs)) {
            assertThat(client.got).hasSize(1);
            Push.View view = (Push.View) client.got.getFirst();
            assertThat(view.group()).isEqualTo("room");
            assertThat(view.members()).containsExactly("#ann#g1");
            assertThat(view.changed()).containsExactly("#ann#g1");
            assertThat(view.digest()).isEqualTo(MemberDigest.of("#ann#g1"));
        }
    }

    @Test
    void aNameWithoutAWishIsGivenInTheTenant() {
        World.Client nameless = world.new Client(g1, null, ReaderKind.CONNECTION, THEIRS);
        assertThat(nameless.address).matches("#[^#]+#g1");
        nameless.send(ServiceLevel.FIFO, "hello", "#ann#g1");
        assertThat(theirs.texts()).containsExactly("hello");
        assertThat(ours.texts()).isEmpty();
    }

    @Test
    void noMessageCrosses() {
        joinAll("room", "orders/new");
        ours.send(ServiceLevel.AGREED, "ours", "room");
        theirs.send(ServiceLevel.AGREED, "theirs", "room", "#ann#g1");
        theirs.send(ServiceLevel.CAUSAL, "an order", "orders/new");
        assertThat(ours.texts()).containsExactly("ours");
        theirs.drain();
        assertThat(theirs.got).hasSize(2);
        Push.Message first = (Push.Message) theirs.got.getFirst();
        assertThat(first.from()).isEqualTo("#ann#g1");
        assertThat(first.groups()).containsExactly("room", "#ann#g1");
        assertThat(first.at().domain()).isEqualTo("default");
        assertThat(((Push.Message) theirs.got.getLast()).at().domain()).isEqualTo("orders");
    }

    @Test
    void whoIsNotThereIsToldByItsBareName() {
        world.new Client(g1, "bob", ReaderKind.CONNECTION, OURS);
        assertThat(theirs.send(ServiceLevel.FIFO, "x", "#bob#g1").dropped()).containsExactly("#bob#g1");
        assertThat(ours.send(ServiceLevel.FIFO, "x", "#bob#g1").dropped()).isEmpty();
    }

    @Test
    void aMessageWithoutASessionStaysInItsTenant() {
        joinAll("room");
        world.get(edge.call(THEIRS, World.message(ServiceLevel.SAFE, "theirs", "room")));
        world.get(edge.call(OURS, World.message(ServiceLevel.SAFE, "ours", "room")));
        assertThat(ours.texts()).containsExactly("ours");
        theirs.drain();
        assertThat(theirs.got).hasSize(1);
        assertThat(((Push.Message) theirs.got.getFirst()).from()).isEqualTo("g1");
    }

    @Test
    void keysAreTheTenantsOwn() {
        joinAll("room");
        for (Principal principal : List.of(OURS, THEIRS)) {
            GroupOperation.Multicast message =
                    World.message(ServiceLevel.AGREED, "once", "room").withKey("k");
            assertThat(((Answer.Accepted) world.get(edge.call(principal, message))).duplicate())
                    .isFalse();
            assertThat(((Answer.Accepted) world.get(edge.call(principal, message))).duplicate())
                    .isTrue();
        }
        GroupOperation.Multicast again =
                World.message(ServiceLevel.AGREED, "once", "room").withKey("k");
        assertThat(((Answer.Accepted) theirs.call(again)).duplicate()).isTrue();
        GroupOperation.Multicast alike =
                World.message(ServiceLevel.AGREED, "another", "room").withKey("acme#k");
        assertThat(((Answer.Accepted) ours.call(alike)).duplicate()).isFalse();
        assertThat(ours.texts()).containsExactly("once", "another");
        assertThat(theirs.texts()).containsExactly("once");
    }

    @Test
    void listsAreTheTenantsOwn() {
        joinAll("a", "b", "orders/new");
        ours.join("only-ours");
        for (Principal principal : List.of(OURS, THEIRS)) {
            List<String> own =
                    principal == OURS ? List.of("a", "b", "only-ours", "orders/new") : List.of("a", "b", "orders/new");
            assertThat(pages(principal, null, null, 10)).isEqualTo(own);
            assertThat(pages(principal, null, null, 1)).isEqualTo(own);
            assertThat(pages(principal, "o", null, 1)).isEqualTo(own.subList(2, own.size()));
            assertThat(pages(principal, null, "orders", 10)).containsExactly("orders/new");
            assertThat(pages(principal, null, "default", 10)).isEqualTo(own.subList(0, own.size() - 1));
        }
        assertThat(groups(THEIRS, null, null, null, 10).at())
                .extracting(At::domain)
                .containsExactlyInAnyOrder("default", "orders");
    }

    @Test
    void membersPresenceHistoryAndSettingsAreTheTenantsOwn() {
        joinAll("room");
        theirs.call(new GroupOperation.Presence("room", Body.ofText("busy")));
        theirs.send(ServiceLevel.AGREED, "theirs", "room");
        theirs.call(new GroupOperation.Settings("room", 60_000L, null));
        assertThat(ours.texts()).isEmpty();

        for (boolean strong : List.of(false, true)) {
            GroupOperation.Members asked = new GroupOperation.Members("room", null, null, 10, null, strong);
            Answer.MemberPage mine = (Answer.MemberPage) world.get(edge.call(OURS, asked));
            assertThat(mine.members()).containsExactly(new Answer.Member("#ann#g1", null, null));
            Answer.MemberPage page = (Answer.MemberPage) theirs.call(asked);
            assertThat(page.group()).isEqualTo("room");
            assertThat(page.members()).containsExactly(new Answer.Member("#ann#g1", Body.ofText("busy"), null));
            assertThat(page.at().domain()).isEqualTo("default");
        }
        GroupOperation.History history = new GroupOperation.History("room", null, 10);
        assertThat(((Answer.HistoryPage) world.get(edge.call(OURS, history))).messages())
                .isEmpty();
        Push.Message kept = (Push.Message)
                ((Answer.HistoryPage) theirs.call(history)).messages().getFirst();
        assertThat(kept.from()).isEqualTo("#ann#g1");
        assertThat(kept.groups()).containsExactly("room");
        GroupOperation.History after = new GroupOperation.History("room", new HistoryStart.From(kept.at()), 10);
        assertThat(((Answer.HistoryPage) theirs.call(after)).messages()).isEmpty();
        GroupOperation.Settings settings = new GroupOperation.Settings("room", null, null);
        assertThat(((Answer.SettingsInForce) ours.call(settings)).historyMs()).isNull();
        assertThat(((Answer.SettingsInForce) theirs.call(settings)).historyMs()).isEqualTo(60_000L);
    }

    @Test
    void membersComePageByPage() {
        theirs.join("room");
        World.Client bob = world.new Client(g2, "bob", ReaderKind.CONNECTION, THEIRS);
        bob.join("room");
        Answer.MemberPage first = (Answer.MemberPage) theirs.call(new GroupOperation.Members("room", null, null, 1));
        assertThat(first.next()).isEqualTo("#ann#g1");
        Answer.MemberPage second =
                (Answer.MemberPage) theirs.call(new GroupOperation.Members("room", first.view(), first.next(), 1));
        assertThat(second.members()).extracting(Answer.Member::member).containsExactly("#bob#g2");
    }

    @Test
    void aSessionOfAnotherTenantIsAnsweredAsOneThatIsNowhere() {
        joinAll("room");
        theirs.texts();
        for (LogGateway gateway : List.of(g1, g2)) {
            Gateway asked = new TenantGateway(gateway);
            for (String token : List.of(theirs.token, "wrong")) {
                assertThat(world.refusal(asked.resume(resuming(theirs.session.id(), token, OURS))))
                        .isEqualTo(ErrorCode.SESSION_ENDED);
                assertThat(world.refusal(asked.session(theirs.session.id(), token, List.of(), OURS)))
                        .isEqualTo(ErrorCode.SESSION_ENDED);
                assertThat(world.refusal(asked.session(ours.session.id(), token, List.of(), THEIRS)))
                        .isEqualTo(ErrorCode.SESSION_ENDED);
            }
        }
        assertThat(theirs.session.closed()).isNull();
        assertThat(theirs.session.identity().epoch()).isEqualTo(1);
        ours.send(ServiceLevel.AGREED, "ours", "room");
        theirs.send(ServiceLevel.AGREED, "theirs", "room");
        assertThat(theirs.texts()).containsExactly("theirs");
    }

    @Test
    void aTakeOverOfAnotherTenantDoesNotShareTheOneUnderWay() {
        theirs.join("room");
        theirs.lose();
        Gateway by = new TenantGateway(g2);
        List<At> at = List.copyOf(theirs.at.values());
        CompletableFuture<?> rightful = by.session(theirs.session.id(), theirs.token, at, THEIRS);
        CompletableFuture<?> other = by.session(theirs.session.id(), theirs.token, at, OURS);
        assertThat(world.refusal(other)).isEqualTo(ErrorCode.SESSION_ENDED);
        assertThat(world.get(rightful)).isNotNull();
    }

    @Test
    void whatWasMissedIsGivenByThePositionsThatClientsKnow() {
        joinAll("room", "orders/new");
        theirs.drain();
        theirs.lose();
        ours.send(ServiceLevel.AGREED, "ours", "room");
        World.Client bob = world.new Client(g2, "bob", ReaderKind.CONNECTION, THEIRS);
        bob.send(ServiceLevel.AGREED, "missed", "room");
        bob.send(ServiceLevel.AGREED, "an order", "orders/new");
        theirs.got.clear();
        Answer.Resumed resumed = theirs.resumed(g2, List.copyOf(theirs.at.values()));
        assertThat(resumed.recovered()).isTrue();
        assertThat(resumed.privateGroup()).isEqualTo("#ann#g1");
        assertThat(resumed.at()).extracting(At::domain).containsExactlyInAnyOrder("default", "orders");
        assertThat(theirs.texts()).containsExactlyInAnyOrder("missed", "an order");
        assertThat(theirs.session.progress().positions())
                .extracting(At::domain)
                .containsExactlyInAnyOrder("default", "orders");
    }

    @Test
    void whatASingleRequestHasSeenDoesNotComeAgain() {
        World.Client polling = world.new Client(g1, "poll", ReaderKind.REQUESTS, THEIRS);
        polling.join("room");
        polling.send(ServiceLevel.AGREED, "one", "room");
        polling.send(ServiceLevel.AGREED, "two", "room");
        List<SharedPush> first = received(polling, List.of());
        assertThat(first).hasSize(3);
        List<SharedPush> second =
                received(polling, List.of(World.where(first.get(1).push())));
        assertThat(second).extracting(push -> World.text(push.push())).containsExactly("two");
        assertThat(polling.session.progress().positions())
                .extracting(At::domain)
                .containsExactly("default");
    }

    @Test
    void requestsAndRepliesStayInTheTenant() {
        theirs.join("work");
        World.Client asking = world.new Client(g2, "ask", ReaderKind.CONNECTION, THEIRS);
        CompletableFuture<Answer> answer = asking.edge.call(
                asking.session,
                new GroupOperation.Request(World.message(ServiceLevel.AGREED, "how much?", "work"), 1000));
        world.settle();
        theirs.drain();
        Push.Message request = (Push.Message) theirs.got.getLast();
        assertThat(request.replyTo()).isEqualTo("#ask#g2");
        theirs.call(new GroupOperation.Reply(
                request.replyTo(), request.correlation(), Body.ofText("7"), 0, ServiceLevel.FIFO, null, 0));
        Push.Message reply = ((Answer.Replied) world.get(answer)).reply();
        assertThat(reply.from()).isEqualTo("#ann#g1");
        assertThat(reply.groups()).containsExactly("#ask#g2");
        assertThat(reply.at().domain()).isEqualTo("default");
    }

    @Test
    void nobodyNamesWhatBelongsToAnotherTenant() {
        theirs.join("room");
        List<GroupOperation> asked = List.of(
                new GroupOperation.Join("acme#room", null, null, null, null, 0),
                World.message(ServiceLevel.AGREED, "x", "acme#room"),
                World.message(ServiceLevel.AGREED, "x", "acme##ann#g1"),
                new GroupOperation.Groups("acme#", null, null, 10),
                new GroupOperation.Groups(null, "acme#default", null, 10),
                new GroupOperation.Members("acme#room", null, null, 10));
        for (GroupOperation operation : asked) {
            assertThat(world.refusal(edge.call(ours.session, operation)))
                    .as("%s", operation)
                    .isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
        }
        SessionOperation.Connect connect = new SessionOperation.Connect("acme#bob", true, null);
        assertThat(world.refusal(edge.connect(new ConnectRequest(connect, OURS, ReaderKind.CONNECTION))))
                .isEqualTo(ErrorCode.ILLEGAL_NAME);
    }

    @Test
    void accessIsAskedWithBareNames() {
        List<String> asked = new ArrayList<>();
        Access remembering = (action, group) -> asked.add(group);
        Principal guarded = new Principal("robot", "acme", remembering);
        World.Client client = world.new Client(g1, "eve", ReaderKind.CONNECTION, guarded);
        client.join("orders/new");
        client.send(ServiceLevel.AGREED, "x", "#ann#g1");
        assertThat(groups(guarded, null, null, null, 10).groups())
                .extracting(Answer.GroupSummary::group)
                .containsExactly("orders/new");
        assertThat(asked).containsExactly("orders/new", "#ann#g1", "orders/new");
    }

    @Test
    void eachTenantIsCountedAndFurtherOnesTogether() {
        joinAll("room");
        theirs.send(ServiceLevel.AGREED, "12345", "room");
        TenantCounters counted = world.counters.tenants().of("acme");
        assertThat(counted.sessions.sum()).isEqualTo(1);
        assertThat(counted.messages(ServiceLevel.AGREED).sum()).isEqualTo(1);
        assertThat(counted.messageBytes.sum()).isEqualTo(5);
        assertThat(counted.pushes.sum()).isEqualTo(2);
        assertThat(counted.pushBytes.sum()).isPositive();
        assertThat(world.counters.tenants().of(Tenants.DEFAULT).messageBytes.sum())
                .isZero();
        theirs.call(new SessionOperation.Close());
        assertThat(counted.sessions.sum()).isZero();

        CountersByTenant many = new CountersByTenant();
        List<String> told = new ArrayList<>();
        many.onTenant((tenant, counters) -> told.add(tenant));
        for (int i = 0; i < CountersByTenant.TENANTS_MAX + 5; i++) {
            assertThat(many.of("t" + i)).isSameAs(many.of("t" + i));
        }
        assertThat(told).hasSize(CountersByTenant.TENANTS_MAX + 1).endsWith(CountersByTenant.OTHER);
        assertThat(many.of("t104")).isSameAs(many.of(CountersByTenant.OTHER)).isNotSameAs(many.of("t99"));
    }

    /** The domains of both tenants share a partition, so that only their names keep them apart. */
    private static World inOnePartition() {
        World world = new World();
        for (String domain : List.of("acme#default", "orders", "acme#orders")) {
            world.sessions.domains.put(domain, 0);
        }
        return world;
    }

    private void joinAll(String... groups) {
        for (String group : groups) {
            ours.join(group);
            theirs.join(group);
        }
        ours.texts();
        theirs.texts();
    }

    private Answer.GroupPage groups(Principal principal, String prefix, String domain, String after, int limit) {
        return (Answer.GroupPage)
                world.get(edge.call(principal, new GroupOperation.Groups(prefix, domain, after, limit)));
    }

    private List<String> pages(Principal principal, String prefix, String domain, int limit) {
        List<String> names = new ArrayList<>();
        String after = null;
        do {
            Answer.GroupPage page = groups(principal, prefix, domain, after, limit);
            page.groups().forEach(group -> names.add(group.group()));
            after = page.next();
        } while (after != null);
        return names;
    }

    private static ResumeRequest resuming(String session, String token, Principal principal) {
        List<At> at = List.of(new At("default", "e", Position.START));
        return new ResumeRequest(new SessionOperation.Resume(session, token, at), principal, ReaderKind.CONNECTION);
    }

    private List<SharedPush> received(World.Client client, List<At> seen) {
        return world.get(client.edge.receive(client.session, new SessionOperation.Receive(0, 10, seen)))
                .pushes();
    }
}
