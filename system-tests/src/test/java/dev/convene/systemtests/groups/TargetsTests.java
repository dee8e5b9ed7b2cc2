package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Targets and content: G37 to G48. */
class TargetsTests extends GroupsContract {

    @Contract({"G37", "G38"})
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aMemberGetsItsOwnMessageOnceAndANonMemberGetsNone(Surface surface) {
        String group = unused("own");
        TestSession member = connect(surface);
        TestSession outsider = connect(surface);
        member.join(group);
        outsider.multicast(ServiceLevel.AGREED, "from outside", group);
        member.multicast(ServiceLevel.AGREED, "from inside", group);
        assertThat(Pushes.texts(member.drain())).containsExactly("from outside", "from inside");
        assertThat(outsider.drain()).isEmpty();
    }

    @Contract("G39")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void selfDiscardKeepsTheCopyFromItsSenderOnly(Surface surface) {
        String one = unused("one");
        String two = unused("two");
        TestSession sender = connect(surface);
        TestSession other = connect(surface);
        for (String group : List.of(one, two)) {
            sender.join(group);
            other.join(group);
        }
        sender.call(multicast(Body.ofText("not for me"), 0, true, one, two));
        assertThat(Pushes.texts(sender.drain())).isEmpty();
        assertThat(Pushes.texts(other.drain())).containsExactly("not for me");
    }

    @Contract({"G40", "G42"})
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aMultiGroupMessageComesOnceAtOnePositionAndListsItsTargets(Surface surface) {
        String one = unused("one");
        String two = unused("two");
        TestSession both = connect(surface);
        TestSession only = connect(surface, system.gatewayB(), null);
        both.join(one);
        both.join(two);
        only.join(two);
        Answer.Accepted answer = both.multicast(ServiceLevel.AGREED, "to two", two, one);
        Push.Message ofBoth = lastMessage(both);
        Push.Message ofOnly = lastMessage(only);
        assertThat(ofBoth.groups()).containsExactly(two, one);
        assertThat(ofOnly).isEqualTo(ofBoth);
        assertThat(ofBoth.at()).isEqualTo(answer.at());
    }

    private static Push.Message lastMessage(TestSession session) {
        List<Push> messages =
                session.drain().stream().filter(Push.Message.class::isInstance).toList();
        assertThat(messages).hasSize(1);
        return (Push.Message) messages.getFirst();
    }

    @Contract("G41")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void privateAndOrdinaryGroupsMixAndARepeatedNameGivesOneCopy(Surface surface) {
        String group = unused("mixed");
        TestSession member = connect(surface);
        TestSession addressed = connect(surface, system.gatewayB(), null);
        member.join(group);
        member.multicast(ServiceLevel.AGREED, "mix", group, addressed.privateGroup(), group, member.privateGroup());
        assertThat(Pushes.texts(member.drain())).containsExactly("mix");
        assertThat(Pushes.texts(addressed.drain())).containsExactly("mix");
    }

    @Contract("G43")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aPrivateMessageReachesItsSessionOnlyAndAVanishedOneIsReported(Surface surface) {
        TestSession sender = connect(surface);
        TestSession receiver = connect(surface);
        TestSession other = connect(surface);
        sender.multicast(ServiceLevel.FIFO, "for you", receiver.privateGroup());
        assertThat(Pushes.texts(receiver.drain())).containsExactly("for you");
        assertThat(other.drain()).isEmpty();
        String name = unused("reused");
        TestSession gone = sessions.connect(surface, system.gatewayA(), name);
        gone.close();
        Answer.Accepted answer = sender.multicast(ServiceLevel.FIFO, "too late", gone.privateGroup());
        assertThat(answer.dropped()).containsExactly(gone.privateGroup());
        assertThat(connect(surface, system.gatewayA(), name).drain()).isEmpty();
    }

    @Contract("G44")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aMessageToAGroupWithoutMembersIsAcceptedAndNobodyReceivesIt(Surface surface) {
        String group = unused("empty");
        TestSession sender = connect(surface);
        TestSession bystander = connect(surface);
        TestSession elsewhere = connect(surface, system.gatewayB(), null);
        TestSession former = connect(surface);
        bystander.join(group + "-2");
        elsewhere.join(group + "-2");
        former.join(group);
        former.leave(group);
        for (ServiceLevel service : ServiceLevel.values()) {
            Answer.Accepted answer = sender.multicast(service, "anybody?", group);
            assertThat(answer.dropped()).isEmpty();
            assertThat(answer.at() == null).isEqualTo(service == ServiceLevel.UNRELIABLE);
        }
        // Who comes later gets nothing of it either.
        TestSession late = connect(surface);
        late.join(group);
        for (TestSession session : List.of(sender, bystander, elsewhere, former, late)) {
            assertThat(Pushes.texts(session.drain())).isEmpty();
        }
    }

    @Contract("G45")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void noTargetOrTooManyIsRefused(Surface surface) {
        TestSession me = connect(surface);
        ConnectTests.refused(ErrorCode.NO_TARGET, () -> me.multicast(ServiceLevel.FIFO, "nowhere"));
        String[] many = IntStream.rangeClosed(0, Limits.DEFAULT.groupsPerMessageMax())
                .mapToObj(i -> "many-" + i)
                .toArray(String[]::new);
        ConnectTests.refused(ErrorCode.TOO_MANY_TARGETS, () -> me.multicast(ServiceLevel.FIFO, "everywhere", many));
        assertThat(me.drain()).isEmpty();
    }

    @Contract("G48")
    @ParameterizedTest
    @EnumSource(names = {"WS_JSON", "HTTP", "SSE"})
    void noServiceLevelOrTwoIsRefusedAndTheSessionLivesOn(Surface surface) {
        String group = unused("level");
        TestSession me = connect(surface);
        me.join(group);
        Pushes.view(me);
        for (String service : new String[] {
            "",
            "\"service\":null,",
            "\"service\":[\"fifo\",\"agreed\"],",
            "\"service\":\"fifo agreed\",",
            "\"service\":4,"
        }) {
            String fields = "{%s\"group\":\"%s\",\"body\":1}".formatted(service, group);
            assertThat(me.sendText(GroupOperation.Multicast.NAME, fields))
                    .as(service)
                    .failsWithin(TestSession.PATIENCE)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ILLEGAL_SERVICE));
        }
        me.multicast(ServiceLevel.SAFE, "one level", group);
        assertThat(Pushes.texts(me.drain())).containsExactly("one level");
    }

    @Contract("G46")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void theLargestBodyPassesAndOneByteMoreIsRefused(Surface surface) {
        String group = unused("large");
        TestSession me = connect(surface);
        me.join(group);
        for (int size : new int[] {20_000, Limits.DEFAULT.messageBytesMax()}) {
            Body body = Body.ofBytes(pattern(size));
            me.call(multicast(body, 0, false, group));
            assertThat(lastMessage(me).body()).isEqualTo(body);
        }
        Body tooLarge = Body.ofBytes(pattern(Limits.DEFAULT.messageBytesMax() + 1));
        ConnectTests.refused(ErrorCode.MESSAGE_TOO_LARGE, () -> me.call(multicast(tooLarge, 0, false, group)));
        assertThat(me.drain()).isEmpty();
    }

    @Contract("G47")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void bodiesAndMessageTypesArriveExactly(Surface surface) {
        String group = unused("exact");
        TestSession me = connect(surface);
        me.join(group);
        List<Body> bodies = List.of(
                Body.ofBytes(new byte[0]),
                Body.ofBytes(new byte[] {0, 0, 0}),
                Body.ofBytes(pattern(256)),
                Body.ofText(""),
                Body.ofText("a\u0000b \uD83D\uDE00 é"));
        for (Body body : bodies) {
            me.call(multicast(body, 0, false, group));
            assertThat(lastMessage(me).body()).isEqualTo(body);
        }
        for (int type : new int[] {-32768, -1, 0, 1, 32767}) {
            me.call(multicast(Body.ofText("typed"), type, false, group));
            assertThat(lastMessage(me).type()).isEqualTo(type);
        }
    }

    private static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static GroupOperation.Multicast multicast(Body body, int type, boolean selfDiscard, String... groups) {
        return new GroupOperation.Multicast(
                List.of(groups), ServiceLevel.AGREED, type, body, selfDiscard, null, 0, null, null);
    }
}
