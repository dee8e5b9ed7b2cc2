package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Positions;
import dev.convene.testkit.client.SseSession;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Idempotency, resume and what others see of it: G53, G59 to G63. */
class ResumeTests extends GroupsContract {

    @Contract("G53")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void theSameKeyTwiceAlsoOnTwoGatewaysGivesOneMessageAndTheSameReply(Surface surface) {
        String group = unused("key");
        TestSession receiver = connect(surface);
        receiver.join(group);
        GroupOperation.Multicast keyed = new GroupOperation.Multicast(
                List.of(group), ServiceLevel.AGREED, 0, Body.ofText("once"), false, unused("key"), 0, null, null);
        List<CompletableFuture<Answer.Accepted>> replies = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> sessions.publish(i % 2 == 0 ? system.gatewayA() : system.gatewayB(), keyed)))
                .toList();
        List<Answer.Accepted> accepted =
                replies.stream().map(TestSessions::await).toList();
        assertThat(accepted)
                .extracting(Answer.Accepted::at)
                .containsOnly(accepted.getFirst().at());
        assertThat(accepted).filteredOn(reply -> !reply.duplicate()).hasSize(1);
        assertThat(Pushes.texts(receiver.drain())).containsExactly("once");
    }

    @Contract("G53")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void theSameKeyOfTwoSessionsOnTwoGatewaysGivesOneMessageAndTheSameReply(Surface surface) {
        String group = unused("key");
        TestSession receiver = connect(surface);
        receiver.join(group);
        TestSession here = connect(surface, system.gatewayA(), null);
        TestSession there = connect(surface, system.gatewayB(), null);
        GroupOperation.Multicast keyed = new GroupOperation.Multicast(
                List.of(group), ServiceLevel.AGREED, 0, Body.ofText("once"), false, unused("key"), 0, null, null);
        List<CompletableFuture<Answer>> replies = IntStream.range(0, 6)
                .mapToObj(i -> (i % 2 == 0 ? here : there).send(keyed))
                .toList();
        List<Answer.Accepted> accepted = replies.stream()
                .map(reply -> (Answer.Accepted) TestSessions.await(reply))
                .toList();
        assertThat(accepted)
                .extracting(Answer.Accepted::at)
                .containsOnly(accepted.getFirst().at());
        assertThat(accepted).filteredOn(reply -> !reply.duplicate()).hasSize(1);
        assertThat(Pushes.texts(receiver.drain())).containsExactly("once");
    }

    @Contract("G53")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void theSameSequenceNumberTwiceGivesOneMessageAndTheSameReply(Surface surface) {
        String group = unused("seq");
        TestSession me = connect(surface);
        me.join(group);
        GroupOperation.Multicast numbered = new GroupOperation.Multicast(
                List.of(group), ServiceLevel.AGREED, 0, Body.ofText("once"), false, null, 17, null, null);
        Answer.Accepted first = (Answer.Accepted) me.call(numbered);
        Answer.Accepted second = (Answer.Accepted) me.call(numbered);
        assertThat(second.at()).isEqualTo(first.at());
        assertThat(second.duplicate()).isTrue();
        assertThat(Pushes.texts(me.drain())).containsExactly("once");
    }

    @Contract({"G59", "G61"})
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aResumeOnTheOtherGatewayBringsWhatWasMissedInOrderAndOthersSeeNothing(Surface surface) {
        String group = unused("resume");
        TestSession other = connect(surface);
        other.join(group);
        TestSession me = sessions.connect(surface, system.gatewayA(), unused("me"));
        me.join(group);
        other.multicast(ServiceLevel.AGREED, "seen", group);
        List<Push> seen = me.drain();
        List<At> at = Positions.newest(seen);
        me.abort();
        TestSession third = connect(surface);
        third.join(group);
        for (int i = 0; i < 50; i++) {
            other.multicast(ServiceLevel.AGREED, "missed" + i, group);
        }
        TestSession resumed = closing(onTheOther(surface, me.connected(), at));
        assertThat(resumed.privateGroup()).isEqualTo(me.privateGroup());
        other.multicast(ServiceLevel.AGREED, "live", group);
        List<Push> missed = resumed.drain();
        List<Push> ofOther = other.drain();
        List<Push> story = ofOther.subList(ofOther.size() - missed.size(), ofOther.size());
        // The resumed session's own mark of an earlier drain is a private message: passed over.
        assertThat(Pushes.texts(missed)).endsWith("missed49", "live").contains("missed0");
        assertThat(Pushes.views(missed)).extracting(Push.View::reason).containsExactly(ViewReason.JOIN);
        assertThat(Pushes.texts(story))
                .containsSubsequence(Pushes.texts(missed).stream()
                        .filter(text -> !text.startsWith("mark"))
                        .toList());
        assertThat(Pushes.views(ofOther))
                .noneMatch(view -> view.reason() == ViewReason.DISCONNECT)
                .extracting(Push.View::size)
                .containsExactly(1, 2, 3);
    }

    private TestSession onTheOther(Surface surface, Answer.Connected me, List<At> at) {
        return switch (surface) {
            case WS_JSON, WS_CBOR -> {
                TestSessions.Resumption resumption = sessions.resume(surface, system.gatewayB(), me, at);
                assertThat(resumption.answer().recovered()).isTrue();
                assertThat(resumption.answer().privateGroup()).isEqualTo(me.privateGroup());
                yield resumption.session();
            }
            case HTTP -> sessions.resumePolling(system.gatewayB(), me, at);
            case SSE ->
                sessions.resumeStream(
                        system.gatewayB(), me, at.stream().map(At::toString).collect(Collectors.joining(",")));
        };
    }

    @Contract("G60")
    @ParameterizedTest
    @EnumSource(names = {"WS_JSON", "WS_CBOR"})
    void aPositionOfAnotherLogIsNotRecoveredAndNothingIsReplayed(Surface surface) {
        String group = unused("epoch");
        TestSession me = sessions.connect(surface, system.gatewayA(), (String) null);
        me.join(group);
        At joined = Positions.newest(me.drain()).getFirst();
        me.abort();
        connect(surface).multicast(ServiceLevel.AGREED, "missed", group);
        At elsewhere = new At(joined.domain(), "elsewhere", Position.of(0));
        TestSessions.Resumption resumption =
                sessions.resume(surface, system.gatewayB(), me.connected(), List.of(elsewhere));
        TestSession resumed = closing(resumption.session());
        assertThat(resumption.answer().recovered()).isFalse();
        assertThat(Pushes.texts(resumed.drain())).doesNotContain("missed");
        resumed.multicast(ServiceLevel.AGREED, "goes on", group);
        assertThat(Pushes.texts(resumed.drain())).containsExactly("goes on");
    }

    @Contract("G59")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamOfEventsGoesOnAfterItsLastOneInEveryDomain(boolean onTheOtherGateway) {
        String group = unused("sse");
        String far = unused("far") + "/room";
        TestSession other = connect(Surface.WS_JSON);
        SseSession me = (SseSession) sessions.connect(Surface.SSE, system.gatewayA(), (String) null);
        me.join(group);
        // Nothing comes of this domain before the stream breaks.
        me.call(new GroupOperation.Join(far, null, null, false, null, 0));
        other.multicast(ServiceLevel.AGREED, "seen", group);
        Pushes.until(me, push -> push instanceof Push.Message);
        me.abort();
        for (int i = 0; i < 20; i++) {
            other.multicast(ServiceLevel.AGREED, "here" + i, group);
            other.multicast(ServiceLevel.AGREED, "there" + i, far);
        }
        URI gateway = onTheOtherGateway ? system.gatewayB() : system.gatewayA();
        SseSession again = closing(sessions.resumeStream(gateway, me.connected(), me.lastEventId()));
        other.multicast(ServiceLevel.AGREED, "here20", group);
        other.multicast(ServiceLevel.AGREED, "there20", far);
        List<String> texts = Pushes.texts(again, 42);
        for (String where : List.of("here", "there")) {
            assertThat(texts.stream().filter(text -> text.startsWith(where)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 21).mapToObj(i -> where + i).toList());
        }
        assertThat(again.lastEventId()).contains("default:").contains(far.substring(0, far.indexOf('/')) + ":");
    }

    @Contract({"G61", "G49"})
    @ParameterizedTest
    @EnumSource(names = {"WS_JSON", "WS_CBOR"})
    void afterTheGracePeriodThereIsOneDisconnectAndANewJoin(Surface surface) {
        String group = unused("grace");
        TestSession other = connect(surface);
        other.join(group);
        TestSession me =
                sessions.connect(surface, system.gatewayA(), new SessionOperation.Connect(unused("late"), true, 300L));
        me.join(group);
        me.abort();
        Pushes.untilView(other, view -> view.reason() == ViewReason.DISCONNECT);
        ConnectTests.refused(
                dev.convene.protocol.ErrorCode.SESSION_ENDED,
                () -> sessions.resume(surface, system.gatewayA(), me.connected(), List.of()));
        TestSession again = connect(surface);
        again.join(group);
        assertThat(Pushes.views(other.drain())).extracting(Push.View::reason).containsExactly(ViewReason.JOIN);
    }

    @Contract("G62")
    @Test
    void manyReconnectTogetherAndNobodySeesAView() {
        String group = unused("storm");
        TestSession watcher = connect(Surface.WS_JSON);
        watcher.join(group);
        int count = 100;
        List<TestSession> members = new ArrayList<>();
        List<List<At>> at = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestSession member = sessions.connect(Surface.WS_JSON, system.gatewayA(), (String) null);
            members.add(member);
            member.join(group);
        }
        for (TestSession member : members) {
            Push.View last = Pushes.untilView(member, view -> view.changed().contains(member.privateGroup()));
            at.add(List.of(last.at()));
            member.abort();
        }
        watcher.multicast(ServiceLevel.AGREED, "while away", group);
        for (int i = 0; i < count; i++) {
            TestSessions.Resumption resumption = sessions.resume(
                    Surface.WS_JSON, system.gatewayB(), members.get(i).connected(), at.get(i));
            TestSession resumed = closing(resumption.session());
            assertThat(resumption.answer().recovered()).isTrue();
            List<Push> missed = resumed.drain();
            assertThat(Pushes.texts(missed)).endsWith("while away");
            assertThat(Pushes.views(missed)).hasSize(count - 1 - i);
        }
        List<Push.View> views = Pushes.views(watcher.drain());
        assertThat(views).hasSize(count + 1).noneMatch(view -> view.reason() != ViewReason.JOIN);
        assertThat(views.getLast().size()).isEqualTo(count + 1);
    }

    @Contract("G63")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void twoSessionsOfOneUserAreTwoMembers(Surface surface) {
        String group = unused("two");
        // One is named as the user is, and the other one after it, through the other gateway and another surface.
        String user = unused("user");
        TestSession first = connect(surface, system.gatewayA(), user);
        Surface other = Surface.values()[(surface.ordinal() + 1) % Surface.values().length];
        for (boolean abrupt : new boolean[] {false, true}) {
            TestSession second = sessions.connect(
                    other, system.gatewayB(), new SessionOperation.Connect(user, true, abrupt ? 300L : null));
            first.join(group);
            second.join(group);
            Push.View both = Pushes.untilView(first, view -> view.changed().contains(second.privateGroup()));
            assertThat(both.members()).containsExactly(first.privateGroup(), second.privateGroup());
            first.multicast(ServiceLevel.AGREED, "to both", group);
            assertThat(Pushes.texts(second.drain())).containsExactly("to both");
            assertThat(Pushes.texts(first.drain())).containsExactly("to both");
            if (abrupt) {
                second.abort();
            } else {
                second.close();
            }
            Push.View view = Pushes.untilView(first, one -> one.reason() == ViewReason.DISCONNECT);
            assertThat(view.members()).containsExactly(first.privateGroup());
            assertThat(view.changed()).containsExactly(second.privateGroup());
            first.multicast(ServiceLevel.AGREED, "still here", group);
            assertThat(Pushes.texts(first.drain())).containsExactly("still here");
        }
    }
}
