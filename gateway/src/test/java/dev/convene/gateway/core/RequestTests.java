package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.HistoryStart;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.protocol.log.LogEntry;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.TestLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTests {
    private static final long IDLE_MS = 30_000;

    private final World world = new World();
    private final LogGateway gateway = world.gateway("g1");
    private final World.Client ann = world.new Client(gateway, "ann");

    RequestTests() {
        ann.join("room");
        ann.texts();
    }

    @Test
    void anAppendWithoutAcknowledgementIsSentAgainAndCountsOnce() {
        world.logs.faults.add(MemoryLogs.Fault.UNACKNOWLEDGED);
        Answer.Accepted accepted = ann.send(ServiceLevel.AGREED, "one", "room");
        world.pass(2000);

        assertThat(accepted.duplicate()).isFalse();
        assertThat(ann.texts()).containsExactly("one");
    }

    @Test
    void aLostAppendIsSentAgainBeforeWhatFollows() {
        world.logs.faults.add(MemoryLogs.Fault.LOST);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(ann.begin(ServiceLevel.AGREED, "m" + i, "room"));
        }
        for (CompletableFuture<Answer> answer : answers) {
            assertThat(((Answer.Accepted) world.get(answer)).duplicate()).isFalse();
        }
        assertThat(ann.texts()).containsExactly("m0", "m1", "m2", "m3", "m4");
    }

    @Test
    void underRandomFaultsEverythingComesOnceAndInOrder() {
        Random random = new Random(7);
        List<String> expected = new ArrayList<>();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int dice = random.nextInt(12);
            world.logs.faults.add(
                    dice == 0
                            ? MemoryLogs.Fault.LOST
                            : dice == 1 ? MemoryLogs.Fault.UNACKNOWLEDGED : MemoryLogs.Fault.NONE);
            answers.add(ann.begin(ServiceLevel.FIFO, "m" + i, "room"));
            expected.add("m" + i);
            if (random.nextInt(3) == 0) {
                world.pass(random.nextInt(30));
            }
        }
        world.pass(20_000);
        assertThat(ann.texts()).isEqualTo(expected);
        assertThat(answers).allMatch(CompletableFuture::isDone);
    }

    @Test
    void anUnknownOutcomeIsToldAndTheMessageMayStillCome() {
        world.logs.faults.add(MemoryLogs.Fault.LOST);
        world.logs.always = MemoryLogs.Fault.REFUSED;
        assertThat(world.refusal(ann.begin(ServiceLevel.AGREED, "one", "room"))).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        CompletableFuture<Answer> second = ann.begin(ServiceLevel.AGREED, "two", "room");
        assertThat(world.refusal(second)).isEqualTo(ErrorCode.UNAVAILABLE);
        world.logs.always = MemoryLogs.Fault.NONE;
        world.pass(3000);
        ann.send(ServiceLevel.AGREED, "three", "room");

        assertThat(ann.texts()).containsExactly("one", "three");
    }

    @Test
    void withTheBrokerAwayRequestsAreRefusedAtOnceAndGoOnAfterwards() {
        world.logs.always = MemoryLogs.Fault.REFUSED;
        assertThat(world.refusal(ann.begin(ServiceLevel.AGREED, "one", "room"))).isEqualTo(ErrorCode.UNAVAILABLE);
        CompletableFuture<Answer> join =
                gateway.call(ann.session, new GroupOperation.Join("other", null, null, null, null, 0));
        assertThat(world.refusal(join)).isEqualTo(ErrorCode.UNAVAILABLE);
        world.logs.always = MemoryLogs.Fault.NONE;
        world.pass(2000);
        ann.send(ServiceLevel.AGREED, "two", "room");

        assertThat(ann.texts()).containsExactly("two");
    }

    @Test
    void theSameKeyHasOneEffect() {
        GroupOperation.Multicast keyed = new GroupOperation.Multicast(
                List.of("room"), ServiceLevel.AGREED, 0, Body.ofText("x"), false, "key", 0, null, null);
        Answer.Accepted first = (Answer.Accepted) ann.call(keyed);
        Answer.Accepted second = (Answer.Accepted) ann.call(keyed);

        assertThat(second.duplicate()).isTrue();
        assertThat(second.at()).isEqualTo(first.at());
        assertThat(ann.texts()).containsExactly("x");
    }

    @Test
    void joinsThatComeTogetherShareARecord() {
        List<World.Client> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(world.new Client(gateway, "c" + i));
        }
        world.pass(10);
        int before = world.logs.groups.getFirst().size();
        List<CompletableFuture<Answer>> joins = new ArrayList<>();
        for (World.Client client : clients) {
            joins.add(gateway.call(client.session, new GroupOperation.Join("big", null, null, null, null, 0)));
        }
        joins.forEach(world::get);

        assertThat(world.logs.groups.getFirst().size() - before).isEqualTo(2);
        assertThat(clients.getLast().texts()).containsExactly("join big 20");
    }

    @Test
    void aMessageDoesNotOvertakeTheJoinBeforeIt() {
        World.Client bob = world.new Client(gateway, "bob");
        bob.join("a");
        bob.texts();
        CompletableFuture<Answer> join =
                gateway.call(bob.session, new GroupOperation.Join("b", null, null, null, null, 0));
        CompletableFuture<Answer> sent = bob.begin(ServiceLevel.AGREED, "hello", "b");
        world.get(join);
        world.get(sent);

        assertThat(bob.texts()).containsExactly("join b 1", "hello");
    }

    @Test
    void illegalMessagesAreRefusedAndTheSessionLives() {
        assertThat(world.refusal(ann.begin(ServiceLevel.AGREED, "x"))).isEqualTo(ErrorCode.NO_TARGET);
        assertThat(world.refusal(ann.begin(ServiceLevel.AGREED, "x", "a b"))).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
        assertThat(world.refusal(gateway.call(ann.session, new GroupOperation.Join("#a#b", null, null, null, null, 0))))
                .isEqualTo(ErrorCode.PRIVATE_GROUP);
        String large = "x".repeat(gateway.limits().messageBytesMax());
        ann.send(ServiceLevel.AGREED, large, "room");
        assertThat(world.refusal(ann.begin(ServiceLevel.AGREED, large + "x", "room")))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(ann.texts()).containsExactly(large);
        assertThat(((Answer.Accepted) ann.call(new GroupOperation.Leave("never/joined", 0))).at())
                .isNull();
    }

    @Test
    void whatTheLogNeverTakesIsRefusedOnceAndWhatFollowsGoesOn() {
        world.logs.faults.add(MemoryLogs.Fault.TOO_LARGE);
        CompletableFuture<Answer> large = ann.begin(ServiceLevel.AGREED, "too large", "room");
        CompletableFuture<Answer> behind = ann.begin(ServiceLevel.AGREED, "behind", "room");
        int before = world.logs.appends;

        assertThat(world.refusal(large)).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        world.get(behind);
        world.pass(5000);
        ann.send(ServiceLevel.AGREED, "next", "room");
        assertThat(ann.texts()).containsExactly("behind", "next");
        // What takes its number, the message behind it again, and the next.
        assertThat(world.logs.appends - before).isLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {2048, 100_000})
    void theLimitForMessagesIsASetting(int bytes) {
        LogGateway other = world.gateway("limited", TestLimits.with("messageBytesMax", bytes));
        World.Client bob = world.new Client(other, "bob");
        String allowed = "x".repeat(bytes);
        bob.send(ServiceLevel.AGREED, allowed, "room");
        assertThat(world.refusal(bob.begin(ServiceLevel.AGREED, allowed + "x", "room")))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(ann.texts()).containsExactly(allowed);
    }

    @Test
    void aVanishedPrivateGroupIsReported() {
        assertThat(ann.send(ServiceLevel.AGREED, "x", "#gone#g1", "room").dropped())
                .containsExactly("#gone#g1");
        assertThat(ann.texts()).containsExactly("x");
    }

    @Test
    void clientsWithoutASessionPublishUnderTheGatewaysName() {
        Answer answer =
                world.get(gateway.call(Principal.DEVELOPMENT, World.message(ServiceLevel.SAFE, "hello", "room")));
        assertThat(((Answer.Accepted) answer).at()).isNotNull();
        assertThat(ann.texts()).containsExactly("hello");
        assertThat(world.refusal(gateway.call(
                        Principal.DEVELOPMENT, new GroupOperation.Join("room", null, null, null, null, 0))))
                .isEqualTo(ErrorCode.NOT_CONNECTED);
        Answer.MemberPage members = (Answer.MemberPage)
                world.get(gateway.call(Principal.DEVELOPMENT, new GroupOperation.Members("room", null, null, 10)));
        assertThat(members.members()).hasSize(1);
        Answer.GroupPage groups = (Answer.GroupPage)
                world.get(gateway.call(Principal.DEVELOPMENT, new GroupOperation.Groups(null, null, null, 10)));
        assertThat(groups.groups()).hasSize(1);
    }

    @Test
    void historyIsPagedAndFilteredByTheSettings() {
        for (int i = 0; i < 5; i++) {
            ann.send(ServiceLevel.AGREED, "m" + i, "room");
        }
        Answer.HistoryPage first = (Answer.HistoryPage)
                world.get(gateway.call(Principal.DEVELOPMENT, new GroupOperation.History("room", null, 3)));
        assertThat(first.messages()).hasSize(3);
        assertThat(first.complete()).isTrue();
        Answer.HistoryPage second = (Answer.HistoryPage) world.get(gateway.call(
                Principal.DEVELOPMENT, new GroupOperation.History("room", new HistoryStart.From(first.next()), 3)));
        assertThat(second.messages()).hasSize(2);
        assertThat(second.next()).isNull();
        world.get(gateway.call(Principal.DEVELOPMENT, new GroupOperation.Settings("room", null, 4L)));
        Answer.HistoryPage kept = (Answer.HistoryPage)
                world.get(gateway.call(Principal.DEVELOPMENT, new GroupOperation.History("room", null, 10)));
        assertThat(kept.messages()).hasSize(2);
        assertThat(kept.complete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLimitBoundsAPageOfTheNewestToo(boolean ofSoManyBytes) {
        for (int i = 0; i < 5; i++) {
            ann.send(ServiceLevel.AGREED, "m" + i, "room");
        }
        HistoryStart newest = ofSoManyBytes ? null : new HistoryStart.Last(4);
        if (ofSoManyBytes) {
            world.get(gateway.call(Principal.DEVELOPMENT, new GroupOperation.Settings("room", null, 8L)));
        }
        Answer.HistoryPage first = (Answer.HistoryPage)
                world.get(gateway.call(Principal.DEVELOPMENT, new GroupOperation.History("room", newest, 3)));
        Answer.HistoryPage second = (Answer.HistoryPage) world.get(gateway.call(
                Principal.DEVELOPMENT, new GroupOperation.History("room", new HistoryStart.From(first.next()), 3)));

        assertThat(first.messages()).extracting(World::text).containsExactly("m1", "m2", "m3");
        assertThat(second.messages()).extracting(World::text).containsExactly("m4");
        assertThat(second.next()).isNull();
    }

    @Test
    void whatClientsHaveSeenIsPassedOn() {
        ann.send(ServiceLevel.AGREED, "x", "room");
        ann.texts();
        ann.call(new dev.convene.protocol.frame.SessionOperation.Seen(List.copyOf(ann.at.values())));
        world.pass(1000);
        assertThat(world.logs.groups.getFirst().stream()
                        .map(stored -> LogEntry.read(stored.header(), stored.value()))
                        .filter(LogEntry.Confirmations.class::isInstance))
                .hasSize(1);
    }

    @Contract("G8")
    @Test
    void aClosedSessionIsRefusedAtOnce() {
        ann.call(new dev.convene.protocol.frame.SessionOperation.Close());
        assertThat(world.refusal(ann.begin(ServiceLevel.AGREED, "x", "room"))).isEqualTo(ErrorCode.SESSION_ENDED);
    }

    @Test
    void aSessionOfSingleRequestsThatWaitsForAReplyIsNotIdle() {
        LocalSession session = world.get(gateway.connect(new ConnectRequest(
                        new SessionOperation.Connect("amy", true, null), Principal.DEVELOPMENT, ReaderKind.REQUESTS)))
                .session();
        int timeoutMs = (int) (3 * IDLE_MS);
        CompletableFuture<Answer> asked = gateway.call(
                session, new GroupOperation.Request(World.message(ServiceLevel.FIFO, "question", "room"), timeoutMs));
        world.pass(timeoutMs + 1000);
        assertThat(world.refusal(asked)).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(session.closed()).isNull();

        world.pass(2 * IDLE_MS);
        assertThat(session.closed()).isNotNull();
    }

    @Test
    void aSessionThatEndsElsewhereIsClosedHere() {
        List<Object> closed = new ArrayList<>();
        ann.session.onClose(closed::add);
        world.sessions.end(ann.session.identity().id());
        world.pass(3000);
        assertThat(closed).hasToString("[SESSION_ENDED]");
    }

    @Test
    void aReadSaysWhereItIsTrueAndWaitsForAPosition() {
        World.Client ann = world.new Client(gateway, "amy");
        LogGateway other = world.gateway("g2");
        Answer.Accepted joined = ann.join("hall");
        MemoryGroupLog there = world.gateways.get(other);
        pause(there, true);
        Answer.Accepted again = world.new Client(gateway, "abe").join("hall");
        Answer.MemberPage old = (Answer.MemberPage)
                world.get(other.call(Principal.DEVELOPMENT, new GroupOperation.Members("hall", null, null, 10)));
        assertThat(old.size()).isEqualTo(1);
        assertThat(old.at().position().isAfter(again.at().position())).isFalse();
        CompletableFuture<Answer> waiting = other.call(
                Principal.DEVELOPMENT, new GroupOperation.Members("hall", null, null, 10, again.at(), false));
        CompletableFuture<Answer> listing =
                other.call(Principal.DEVELOPMENT, new GroupOperation.Groups(null, null, null, 10, List.of(again.at())));
        CompletableFuture<Answer> strong =
                other.call(Principal.DEVELOPMENT, new GroupOperation.Members("hall", null, null, 10, null, true));
        world.pass(500);
        assertThat(List.of(waiting.isDone(), listing.isDone(), strong.isDone())).containsOnly(false);
        pause(there, false);
        Answer.MemberPage page = (Answer.MemberPage) world.get(waiting);
        assertThat(page.size()).isEqualTo(2);
        assertThat(page.at().position()).isGreaterThanOrEqualTo(again.at().position());
        Answer.GroupPage groups = (Answer.GroupPage) world.get(listing);
        assertThat(groups.at()).extracting(At::domain).containsExactly("default");
        assertThat(groups.groups()).extracting(Answer.GroupSummary::members).containsExactly(2, 1);
        Answer.MemberPage inOrder = (Answer.MemberPage) world.get(strong);
        assertThat(inOrder.size()).isEqualTo(2);
        assertThat(inOrder.at().position()).isGreaterThan(joined.at().position());
    }

    private static void pause(MemoryGroupLog log, boolean paused) {
        for (int partition = 0; partition < World.PARTITIONS; partition++) {
            log.pause(partition, paused);
        }
    }

    @Test
    void aReadGivesUpWaitingAndKnowsItsLog() {
        At far = new At("default", "e", Position.of(1_000_000));
        CompletableFuture<Answer> waiting =
                gateway.call(Principal.DEVELOPMENT, new GroupOperation.Members("hall", null, null, 10, far, false));
        assertThat(world.refusal(waiting)).isEqualTo(ErrorCode.TIMED_OUT);
        At elsewhere = new At("default", "other", Position.of(1));
        assertThat(world.refusal(gateway.call(
                        Principal.DEVELOPMENT, new GroupOperation.Members("hall", null, null, 10, elsewhere, false))))
                .isEqualTo(ErrorCode.NOT_RECOVERED);
    }

    @Test
    void aStrongReadOfASessionStandsBehindItsOwnRequests() {
        World.Client ann = world.new Client(gateway, "amy");
        CompletableFuture<Answer> joining =
                gateway.call(ann.session, new GroupOperation.Join("hall", null, null, null, null, 0));
        CompletableFuture<Answer> reading =
                gateway.call(ann.session, new GroupOperation.Members("hall", null, null, 10, null, true));
        Answer.MemberPage page = (Answer.MemberPage) world.get(reading);
        assertThat(page.members()).extracting(Answer.Member::member).containsExactly("#amy#g1");
        assertThat(page.at().position())
                .isGreaterThan(((Answer.Accepted) world.get(joining)).at().position());
    }

    @Test
    void partitionsThatWereOnlyLookedAtAreNotFollowedForGood() {
        MemoryGroupLog log = world.gateways.get(gateway);
        World.Client ann = world.new Client(gateway, "amy");
        ann.join("room");
        int before = log.followed();
        world.get(gateway.call(Principal.DEVELOPMENT, new GroupOperation.Groups(null, null, null, 10)));
        assertThat(log.followed()).isEqualTo(World.PARTITIONS).isGreaterThan(before);
        world.pass(70_000);
        assertThat(log.followed()).isEqualTo(before);
        Answer.GroupPage page = (Answer.GroupPage)
                world.get(gateway.call(Principal.DEVELOPMENT, new GroupOperation.Groups(null, null, null, 10)));
        assertThat(page.groups()).extracting(Answer.GroupSummary::group).containsExactly("room");
    }

    @Test
    void aMessageThatSpansDomainsIsToldAllItsPositions() {
        World.Client ann = world.new Client(gateway, "amy");
        Answer.Accepted accepted = ann.send(ServiceLevel.FIFO, "x", "room", "far/a", "near/b");
        assertThat(accepted.at().domain()).isEqualTo("default");
        assertThat(accepted.alsoAt()).extracting(At::domain).containsExactly("far", "near");
    }
}
