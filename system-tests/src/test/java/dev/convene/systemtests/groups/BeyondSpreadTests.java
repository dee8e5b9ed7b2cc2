package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.HistoryStart;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the contract promises beyond Spread: queue groups, request and reply, history, presence, reads, domains. */
class BeyondSpreadTests extends GroupsContract {
    private static final int DOMAINS = 8;

    private static GroupOperation.Join join(
            String group, @Nullable Body presence, @Nullable String queue, @Nullable HistoryStart history) {
        return new GroupOperation.Join(group, presence, queue, null, history, 0);
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void oneQueueMemberGetsEachMessageAndWhatALeaverDidNotAcknowledgeGoesToTheNext(Surface surface) {
        String group = unused("work");
        TestSession one = connect(surface);
        TestSession two = connect(surface);
        TestSession publisher = connect(surface);
        one.call(join(group, null, "crew", null));
        two.call(join(group, null, "crew", null));
        for (int i = 0; i < 10; i++) {
            publisher.multicast(ServiceLevel.AGREED, "job" + i, group);
        }
        List<Push> ofOne = one.drain();
        List<Push> ofTwo = two.drain();
        List<String> all = new ArrayList<>(Pushes.texts(ofOne));
        all.addAll(Pushes.texts(ofTwo));
        assertThat(Pushes.texts(ofOne)).hasSize(5);
        assertThat(all).doesNotHaveDuplicates().hasSize(10);
        List<At> done =
                messages(ofOne).subList(0, 3).stream().map(Push.Message::at).toList();
        one.call(new GroupOperation.Ack(group, done, false));
        one.leave(group);
        List<Push.Message> again = messages(two.drain());
        assertThat(again).allMatch(Push.Message::redelivered);
        assertThat(again.stream().map(message -> Pushes.text(message.body())))
                .containsExactlyElementsOf(Pushes.texts(ofOne).subList(3, 5));
    }

    private static List<Push.Message> messages(List<Push> pushes) {
        return pushes.stream()
                .filter(Push.Message.class::isInstance)
                .map(Push.Message.class::cast)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void aRequestIsAnsweredByAReply(Surface surface) {
        String group = unused("service");
        TestSession server = connect(surface);
        TestSession client = connect(surface, system.gatewayB(), null);
        server.join(group);
        Pushes.view(server);
        CompletableFuture<Answer> asked =
                client.send(new GroupOperation.Request(TestSession.message(ServiceLevel.FIFO, "2+2", group), 15_000));
        Push.Message request = Pushes.message(server);
        assertThat(request.replyTo()).isEqualTo(client.privateGroup());
        server.call(new GroupOperation.Reply(
                request.replyTo(), request.correlation(), Body.ofText("4"), 0, ServiceLevel.FIFO, null, 0));
        Answer.Replied replied = (Answer.Replied) TestSessions.await(asked);
        assertThat(Pushes.text(replied.reply().body())).isEqualTo("4");
        ConnectTests.refused(
                ErrorCode.TIMED_OUT,
                () -> client.call(
                        new GroupOperation.Request(TestSession.message(ServiceLevel.FIFO, "silence", group), 200)));
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void historyIsReplayedAndMarked(Surface surface) {
        String group = unused("past");
        TestSession writer = connect(surface);
        List<At> at = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            at.add(writer.multicast(ServiceLevel.AGREED, "old" + i, group).at());
        }
        Answer.HistoryPage last =
                (Answer.HistoryPage) writer.call(new GroupOperation.History(group, new HistoryStart.Last(3), 100));
        assertThat(Pushes.texts(last.messages())).containsExactly("old7", "old8", "old9");
        assertThat(messages(last.messages())).allMatch(Push.Message::history);
        Answer.HistoryPage from = (Answer.HistoryPage)
                writer.call(new GroupOperation.History(group, new HistoryStart.From(at.get(6)), 100));
        assertThat(Pushes.texts(from.messages())).containsExactly("old7", "old8", "old9");
        TestSession late = connect(surface);
        late.call(join(group, null, null, new HistoryStart.Last(2)));
        List<Push> pushes = late.drain();
        assertThat(Pushes.texts(pushes)).containsExactly("old8", "old9");
        assertThat(messages(pushes)).allMatch(Push.Message::history);
        assertThat(pushes.getLast()).isInstanceOf(Push.View.class);
    }

    /** The log's own clock decides: what was sent after a moment that the writer has seen pass is all that comes. */
    @ParameterizedTest
    @EnumSource(Surface.class)
    void historyIsReadFromAMomentOn(Surface surface) {
        String group = unused("since");
        TestSession writer = connect(surface);
        writer.multicast(ServiceLevel.AGREED, "before", group);
        long answered = System.currentTimeMillis();
        await().until(() -> System.currentTimeMillis() > answered + 1);
        long moment = System.currentTimeMillis();
        writer.multicast(ServiceLevel.AGREED, "after", group);
        Answer.HistoryPage page = (Answer.HistoryPage)
                writer.call(new GroupOperation.History(group, new HistoryStart.Since(moment), 100));
        assertThat(Pushes.texts(page.messages())).containsExactly("after");
        assertThat(page.complete()).isTrue();
        TestSession late = connect(surface, system.gatewayB(), null);
        late.call(join(group, null, null, new HistoryStart.Since(moment)));
        assertThat(Pushes.texts(late.drain())).containsExactly("after");
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void presenceIsListedWithTheMembers(Surface surface) {
        String group = unused("present");
        TestSession one = connect(surface);
        TestSession two = connect(surface);
        one.call(join(group, Body.ofText("here"), null, null));
        two.join(group);
        two.call(new GroupOperation.Presence(group, Body.ofText("busy")));
        Answer.MemberPage page = (Answer.MemberPage) one.call(new GroupOperation.Members(group, null, null, 10));
        assertThat(page.size()).isEqualTo(2);
        assertThat(page.members())
                .containsExactly(
                        new Answer.Member(one.privateGroup(), Body.ofText("here"), null),
                        new Answer.Member(two.privateGroup(), Body.ofText("busy"), null));
        assertThat(one.drain().getLast()).isInstanceOfSatisfying(Push.Presence.class, changed -> {
            assertThat(changed.member()).isEqualTo(two.privateGroup());
            assertThat(changed.presence()).isEqualTo(Body.ofText("busy"));
        });
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void whatWasJustDoneHereIsReadAtTheOtherGatewayInOrderOrAtItsPosition(Surface surface) {
        String group = unused("read");
        TestSession reader = connect(surface, system.gatewayB(), null);
        for (int size = 1; size <= 3; size++) {
            At joined = connect(surface).join(group).at();
            Answer.MemberPage strong =
                    (Answer.MemberPage) reader.call(new GroupOperation.Members(group, null, null, 10, null, true));
            assertThat(strong.size()).isEqualTo(size);
            assertThat(strong.at().position()).isGreaterThan(joined.position());
            Answer.MemberPage waited = (Answer.MemberPage)
                    reader.call(new GroupOperation.Members(group, null, null, 10, strong.at(), false));
            assertThat(waited.size()).isEqualTo(size);
            assertThat(waited.at().position())
                    .isGreaterThanOrEqualTo(strong.at().position());
            Answer.GroupPage listed = (Answer.GroupPage)
                    reader.call(new GroupOperation.Groups(group, null, null, 10, List.of(strong.at())));
            assertThat(listed.groups()).extracting(Answer.GroupSummary::members).containsExactly(size);
        }
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void groupsAreListedByPrefix(Surface surface) {
        String prefix = unused("list");
        TestSession me = connect(surface);
        me.join(prefix + "-b");
        me.join(prefix + "-a");
        Answer.GroupPage page = (Answer.GroupPage) me.call(new GroupOperation.Groups(prefix, null, null, 10));
        assertThat(page.groups()).extracting(Answer.GroupSummary::group).containsExactly(prefix + "-a", prefix + "-b");
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void aMessageOverDomainsIsAcceptedUpToFifo(Surface surface) {
        String one = unused("d1") + "/g";
        String two = unused("d2") + "/g";
        TestSession member = connect(surface);
        member.join(one);
        member.join(two);
        TestSession sender = connect(surface);
        Answer.Accepted accepted = sender.multicast(ServiceLevel.FIFO, "both", one, two);
        assertThat(accepted.at()).isNotNull();
        assertThat(accepted.alsoAt()).extracting(At::domain).containsExactly(two.substring(0, two.indexOf('/')));
        assertThat(Pushes.texts(member, 2)).containsExactly("both", "both");
        ConnectTests.refused(ErrorCode.ACROSS_DOMAINS, () -> sender.multicast(ServiceLevel.AGREED, "both", one, two));
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void settingsThatWereChangedHereAreInForceAtTheOtherGateway(Surface surface) {
        String group = unused("settings");
        TestSession here = connect(surface);
        TestSession there = connect(surface, system.gatewayB(), null);
        Answer.SettingsInForce changed =
                (Answer.SettingsInForce) here.call(new GroupOperation.Settings(group, null, 0L));
        assertThat(changed).extracting(Answer.SettingsInForce::historyBytes).isEqualTo(0L);
        // What this session sends stands behind the change.
        there.multicast(ServiceLevel.AGREED, "not kept", group);

        assertThat(there.call(new GroupOperation.Settings(group, null, null)))
                .isEqualTo(new Answer.SettingsInForce(null, changed.historyMs(), 0L));
        there.call(join(group, null, null, new HistoryStart.Last(5)));
        assertThat(Pushes.texts(there.drain())).isEmpty();
    }

    /** Of so many domains some live in one partition with the default one, where records of one message meet. */
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aMessageOverDomainsIsDoneOnceInEachOfThemHoweverOftenItIsAsked(Surface surface) {
        String plain = unused("plain");
        TestSession member = connect(surface);
        TestSession sender = connect(surface);
        member.join(plain);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < DOMAINS; i++) {
            String far = unused("far") + "/g";
            member.join(far);
            GroupOperation.Multicast numbered = over("seq" + i, null, i + 1, far, plain);
            GroupOperation.Multicast keyed = over("key" + i, unused("key"), 0, far, plain);
            for (GroupOperation.Multicast message : List.of(numbered, keyed)) {
                Answer.Accepted first = (Answer.Accepted) sender.call(message);
                assertThat(first.duplicate()).isFalse();
                assertThat(sender.call(message))
                        .isEqualTo(new Answer.Accepted(first.at(), true, List.of(), first.alsoAt()));
            }
            sent.addAll(List.of("seq" + i, "seq" + i, "key" + i, "key" + i));
        }
        assertThat(Pushes.texts(member, sent.size())).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(Pushes.texts(member.drain())).isEmpty();
    }

    private static GroupOperation.Multicast over(String text, @Nullable String key, long seq, String... groups) {
        return new GroupOperation.Multicast(
                List.of(groups), ServiceLevel.FIFO, 0, Body.ofText(text), false, key, seq, null, null);
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void theWorkOfAQueueWaitsForItsNextMemberThoughNobodyIsInTheGroup(Surface surface) {
        String group = unused("jobs");
        TestSession one = connect(surface);
        TestSession publisher = connect(surface);
        one.call(join(group, null, "crew", null));
        publisher.multicast(ServiceLevel.AGREED, "job1", group);
        one.leave(group);
        publisher.multicast(ServiceLevel.AGREED, "job2", group);
        TestSession two = connect(surface, system.gatewayB(), null);
        two.call(join(group, null, "crew", null));
        List<Push> pushes = two.drain();
        assertThat(Pushes.texts(pushes)).containsExactly("job1", "job2");
        assertThat(Pushes.views(pushes)).extracting(Push.View::size).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void aRequestThatIsAskedAgainIsTheSameRequest(Surface surface) {
        String group = unused("slow");
        TestSession server = connect(surface);
        TestSession client = connect(surface);
        server.join(group);
        Pushes.view(server);
        GroupOperation.Request keyed = new GroupOperation.Request(over("ask", unused("key"), 0, group), 200);
        ConnectTests.refused(ErrorCode.TIMED_OUT, () -> client.call(keyed));
        CompletableFuture<Answer> again = client.send(new GroupOperation.Request(keyed.message(), 15_000));
        Push.Message request = Pushes.message(server);
        // A reply that comes before it is asked for again is an ordinary message.
        await().atMost(TestSession.PATIENCE).until(() -> {
            server.call(new GroupOperation.Reply(
                    request.replyTo(), request.correlation(), Body.ofText("late"), 0, ServiceLevel.FIFO, null, 0));
            return again.isDone();
        });
        assertThat(Pushes.text(
                        ((Answer.Replied) TestSessions.await(again)).reply().body()))
                .isEqualTo("late");
        assertThat(Pushes.texts(server.drain())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void aRequestOverDomainsNeedsSomebodyInOneOfThem(Surface surface) {
        String one = unused("one") + "/g";
        String other = unused("other");
        TestSession server = connect(surface);
        TestSession client = connect(surface);
        GroupOperation.Request asking =
                new GroupOperation.Request(TestSession.message(ServiceLevel.FIFO, "ask", one, other), 15_000);
        ConnectTests.refused(ErrorCode.NO_RECEIVER, () -> client.call(asking));
        server.join(one);
        Pushes.view(server);
        CompletableFuture<Answer> asked = client.send(asking);
        Push.Message request = Pushes.message(server);
        server.call(new GroupOperation.Reply(
                request.replyTo(), request.correlation(), Body.ofText("answer"), 0, ServiceLevel.FIFO, null, 0));
        assertThat(Pushes.text(
                        ((Answer.Replied) TestSessions.await(asked)).reply().body()))
                .isEqualTo("answer");
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void aRequestIsNoReplyToItself(Surface surface) {
        String group = unused("self");
        TestSession server = connect(surface);
        TestSession client = connect(surface);
        server.join(group);
        Pushes.view(server);
        CompletableFuture<Answer> asked = client.send(new GroupOperation.Request(
                TestSession.message(ServiceLevel.FIFO, "ask", group, client.privateGroup()), 15_000));
        Push.Message own = Pushes.message(client);
        assertThat(Pushes.text(own.body())).isEqualTo("ask");
        Push.Message request = Pushes.message(server);
        server.call(new GroupOperation.Reply(
                request.replyTo(), request.correlation(), Body.ofText("answer"), 0, ServiceLevel.FIFO, null, 0));
        assertThat(Pushes.text(
                        ((Answer.Replied) TestSessions.await(asked)).reply().body()))
                .isEqualTo("answer");
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void aJoinReplaysAPageAtMostAndSaysWhatIsMissing(Surface surface) {
        String group = unused("long");
        TestSession writer = connect(Surface.WS_CBOR);
        int pageMax = writer.connected().limits().historyPageMax();
        List<CompletableFuture<Answer>> sent = new ArrayList<>();
        for (int i = 0; i <= pageMax; i++) {
            sent.add(writer.send(TestSession.message(ServiceLevel.AGREED, "m" + i, group)));
            if (i % 100 == 0) {
                sent.forEach(TestSessions::await);
            }
        }
        sent.forEach(TestSessions::await);
        for (HistoryStart start : List.of(new HistoryStart.Since(0), new HistoryStart.Last(pageMax + 1))) {
            TestSession late = connect(surface);
            Answer.Replayed replayed = ((Answer.Accepted) late.call(join(group, null, null, start))).history();
            assertThat(replayed).isEqualTo(new Answer.Replayed(pageMax, false, null));
            List<String> texts = Pushes.texts(late, pageMax);
            assertThat(texts.getFirst()).isEqualTo("m1");
            assertThat(texts.getLast()).isEqualTo("m" + pageMax);
            late.close();
        }
        TestSession whole = connect(surface);
        assertThat(((Answer.Accepted) whole.call(join(group, null, null, new HistoryStart.Last(pageMax)))).history())
                .isEqualTo(new Answer.Replayed(pageMax, true, null));
        Answer.HistoryPage page = (Answer.HistoryPage)
                writer.call(new GroupOperation.History(group, new HistoryStart.Last(pageMax + 1), pageMax));
        assertThat(page.messages()).hasSize(pageMax);
        assertThat(page.complete()).isFalse();
    }
}
