package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.HistoryStart;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.Contract;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What a session asks for without waiting for the answer to what it asked before happens in the order of its calls. */
class PipelinedTests {
    private final World world = new World();
    private final LogGateway gateway = world.gateway("g1");
    private final World.Client ann = world.new Client(gateway, "ann");

    private CompletableFuture<Answer> begin(GroupOperation operation) {
        return gateway.call(ann.session, operation);
    }

    private static GroupOperation.Join join(String group) {
        return new GroupOperation.Join(group, null, null, null, null, 0);
    }

    private static GroupOperation.Members strongMembers(String group) {
        return new GroupOperation.Members(group, null, null, 10, null, true);
    }

    private Answer.MemberPage members(String group) {
        return (Answer.MemberPage) ann.call(new GroupOperation.Members(group, null, null, 10));
    }

    @Contract({"G21", "G24"})
    @Test
    void aLeaveFollowsTheJoinThatStillAttachesItsDomain() {
        begin(join("a/x"));
        begin(join("b/y"));
        CompletableFuture<Answer> left = begin(new GroupOperation.Leave("b/y", 0));
        world.get(left);

        assertThat(members("b/y").members()).isEmpty();
        assertThat(ann.texts()).containsExactly("join a/x 1", "join b/y 1", "left");
    }

    @Test
    void aStrongReadFollowsTheJoinThatStillAttachesItsDomain() {
        begin(join("a/x"));
        begin(join("b/y"));
        CompletableFuture<Answer> read = begin(strongMembers("b/y"));

        assertThat(((Answer.MemberPage) world.get(read)).members())
                .extracting(Answer.Member::member)
                .containsExactly(ann.address);
    }

    @Contract("G34")
    @Test
    void whatWasAskedForBeforeACloseStandsBeforeTheEnd() {
        World.Client bob = world.new Client(gateway, "bob");
        bob.join("a/x");
        bob.join("room");
        bob.texts();
        CompletableFuture<Answer> sent = ann.begin(ServiceLevel.AGREED, "last words", "a/x");
        CompletableFuture<Answer> joined = begin(join("room"));
        CompletableFuture<Answer> closed = gateway.call(ann.session, new SessionOperation.Close());

        world.get(closed);
        world.get(sent);
        world.get(joined);
        assertThat(bob.texts()).containsExactlyInAnyOrder("last words", "join room 2", "disconnect room 1");
    }

    @Test
    void aCloseDoesNotWaitForEverForWhatTheLogDoesNotShow() {
        ann.join("a/x");
        world.gateways.get(gateway).pause(world.sessions.domains.get("a"), true);
        CompletableFuture<Answer> sent = ann.begin(ServiceLevel.AGREED, "unseen", "a/x");
        CompletableFuture<Answer> closed = gateway.call(ann.session, new SessionOperation.Close());
        world.settle();
        assertThat(closed).isNotDone();

        world.pass(5000);
        assertThat(closed).isCompletedWithValue(Answer.Done.DONE);
        assertThat(world.refusal(sent)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    }

    /** A join and a read of one gateway may share a record, in which the view would come last. */
    @Contract({"G18", "G25"})
    @Test
    void aStrongReadNeverShowsMembersWithoutTheirView() {
        World.Client bob = world.new Client(gateway, "bob");
        World.Client eve = world.new Client(gateway, "eve");
        ann.join("room");
        world.pass(10);
        int before = world.logs.groups.getFirst().size();
        // The first goes at once, what comes within the millisecond after it shares a record.
        begin(join("other"));
        CompletableFuture<Answer> joined = gateway.call(bob.session, join("room"));
        CompletableFuture<Answer> read = gateway.call(eve.session, strongMembers("room"));
        world.get(joined);
        Answer.MemberPage page = (Answer.MemberPage) world.get(read);

        assertThat(world.logs.groups.getFirst().size() - before).isEqualTo(2);
        assertThat(page.members()).hasSize(2);
        bob.drain();
        assertThat(bob.got)
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.type(Push.View.class))
                .extracting(Push.View::view)
                .isEqualTo(page.view());
    }

    private Push.Message questionTo(World.Client bob) {
        bob.drain();
        return (Push.Message) bob.got.getLast();
    }

    private static GroupOperation.Reply answer(Push.Message question, ServiceLevel level) {
        return new GroupOperation.Reply(
                question.replyTo(), question.correlation(), Body.ofText("answer"), 0, level, null, 0);
    }

    @Contract("G29")
    @Test
    void aReplyComesNoSoonerThanWhatCausedIt() {
        World.Client bob = world.new Client(gateway, "bob");
        LogGateway other = world.gateway("g2");
        World.Client eve = world.new Client(other, "eve");
        bob.join("service");
        for (World.Client client : List.of(ann, bob, eve)) {
            client.join("a/x");
        }
        CompletableFuture<Answer> asked = other.call(
                eve.session,
                new GroupOperation.Request(World.message(ServiceLevel.FIFO, "question", "service"), 60_000));
        Push.Message question = questionTo(bob);
        eve.texts();
        int slow = world.sessions.domains.get("a");
        world.gateways.get(other).pause(slow, true);
        ann.send(ServiceLevel.CAUSAL, "cause", "a/x");
        bob.drain();
        bob.call(answer(question, ServiceLevel.CAUSAL));

        world.settle();
        assertThat(asked).isNotDone();
        world.gateways.get(other).pause(slow, false);
        assertThat(world.get(asked)).isInstanceOf(Answer.Replied.class);
        assertThat(eve.texts()).containsExactly("cause");
    }

    @Test
    void aReplyThatComesWhileNobodyIsThereIsAPushAfterTheResume() {
        World.Client bob = world.new Client(gateway, "bob");
        bob.join("service");
        CompletableFuture<Answer> asked =
                begin(new GroupOperation.Request(World.message(ServiceLevel.FIFO, "question", "service"), 60_000));
        Push.Message question = questionTo(bob);
        ann.texts();
        ann.lose();

        assertThat(world.refusal(asked)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        bob.call(answer(question, ServiceLevel.FIFO));
        assertThat(ann.resume(gateway)).isTrue();
        assertThat(ann.texts()).containsExactly("answer");
    }

    @Test
    void nothingIsLeftToBeDoneLaterForARequestThatIsOver() {
        World.Client bob = world.new Client(gateway, "bob");
        bob.join("service");
        world.pass(2000);
        int before = world.scheduler.waiting();
        CompletableFuture<Answer> asked =
                begin(new GroupOperation.Request(World.message(ServiceLevel.FIFO, "question", "service"), 60_000));
        bob.call(answer(questionTo(bob), ServiceLevel.FIFO));
        world.get(asked);
        assertThat(world.refusal(begin(
                        new GroupOperation.Request(World.message(ServiceLevel.FIFO, "question", "nobody"), 60_000))))
                .isEqualTo(ErrorCode.NO_RECEIVER);
        assertThat(world.scheduler.waiting()).isEqualTo(before);
    }

    @Test
    void aMessageThatMayStandInOneDomainIsNotToldAsIfItHadNotHappened() {
        ann.join("a/x");
        ann.join("b/y");
        world.gateways.get(gateway).pause(world.sessions.domains.get("a"), true);
        world.logs.faults.add(MemoryLogs.Fault.NONE);
        world.logs.faults.add(MemoryLogs.Fault.REFUSED);
        CompletableFuture<Answer> sent = ann.begin(ServiceLevel.FIFO, "both", "a/x", "b/y");
        world.pass(5000);
        assertThat(world.refusal(sent)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    }

    @Test
    void joinsWithHistoryOfOneGroupAreAllAnswered() {
        ann.send(ServiceLevel.FIFO, "before", "room");
        GroupOperation.Join join = new GroupOperation.Join("room", null, null, null, new HistoryStart.Last(10), 0);
        CompletableFuture<Answer> first = begin(join);
        CompletableFuture<Answer> second = begin(join);

        assertThat(((Answer.Accepted) world.get(first)).history()).isNotNull();
        assertThat(((Answer.Accepted) world.get(second)).history()).isNull();
        assertThat(ann.texts()).containsExactly("old before", "join room 1");
    }

    @Test
    void positionsOfElsewhereAreRefused() {
        At known = ann.join("room").at();
        for (int i = 0; i < 100; i++) {
            assertThat(world.refusal(seen(new At("no" + i, known.epoch(), known.position()))))
                    .isEqualTo(ErrorCode.BAD_POSITION);
        }
        assertThat(world.refusal(seen(new At("default", "other-0", known.position()))))
                .isEqualTo(ErrorCode.NOT_RECOVERED);
        assertThat(ann.session.progress().positions()).hasSize(1);
        world.get(seen(known));
    }

    private CompletableFuture<Answer> seen(At at) {
        return gateway.call(ann.session, new SessionOperation.Seen(List.of(at)));
    }

    @Test
    void aSessionThatHasConnectedElsewhereJustNowIsReached() {
        LogGateway other = world.gateway("g2");
        ann.join("a/x");
        ann.texts();
        int home = world.sessions.domains.get("default");
        world.gateways.get(gateway).pause(home, true);
        World.Client bob = world.new Client(other, "bob");

        CompletableFuture<Answer> sent = ann.begin(ServiceLevel.FIFO, "hello", "a/x", bob.address);
        world.settle();
        world.gateways.get(gateway).pause(home, false);
        assertThat(((Answer.Accepted) world.get(sent)).dropped()).isEmpty();
        assertThat(bob.texts()).containsExactly("hello");
        assertThat(ann.texts()).containsExactly("hello");
    }

    @Test
    void anAcknowledgementNamesPositionsOfItsGroup() {
        ann.call(new GroupOperation.Join("jobs", null, "workers", null, null, 0));
        ann.send(ServiceLevel.FIFO, "job", "jobs");
        ann.drain();
        At job = World.where(ann.got.getLast());
        assertThat(refusal(new GroupOperation.Ack("jobs", List.of(new At("a", job.epoch(), job.position())), false)))
                .extracting(ConveneException::code, ConveneException::field)
                .containsExactly(ErrorCode.BAD_POSITION, "ack.at");
        assertThat(refusal(new GroupOperation.Ack(
                        "jobs", List.of(new At(job.domain(), "other-0", Position.of(1))), false)))
                .extracting(ConveneException::code, ConveneException::field)
                .containsExactly(ErrorCode.NOT_RECOVERED, "ack.at");
        ann.call(new GroupOperation.Ack("jobs", List.of(job), false));
    }

    private ConveneException refusal(GroupOperation operation) {
        CompletableFuture<Answer> answer = begin(operation);
        world.settle();
        return ConveneException.of(answer.exceptionNow());
    }
}
