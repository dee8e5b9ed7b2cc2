package dev.convene.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Content;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who gets a message, and what of it. A test's name begins with the contract's case. */
class TargetTests {
    private final Partition partition = new Partition();
    private final Client a = partition.connect("a");
    private final Client b = partition.connect("b");
    private final Client c = partition.connect("c");

    @Test
    void g37_aNonMemberMaySendAndGetsNoCopy() {
        b.join("g");
        assertThat(a.say("m", "g").isOk()).isTrue();
        assertThat(b.bodies()).containsExactly("m");
        assertThat(a.told()).isEmpty();
    }

    @Test
    void g37_aGatewayMaySendForAClientWithoutSession() {
        b.join("g");
        GroupCommand.Multicast message = new GroupCommand.Multicast(
                List.of("g"), "gw", ServiceLevel.AGREED, 0, false, Content.TEXT, "", "", List.of(), new byte[] {'m'});
        assertThat(partition.sendAsGateway(Partition.GATEWAY, 1, message).isOk())
                .isTrue();
        assertThat(b.messages().getFirst().from()).isEqualTo("gw");
    }

    @Test
    void g38_aMemberThatSendsGetsItsOwnMessageOnceAtItsPlace() {
        a.join("g");
        b.join("g");
        b.say("1", "g");
        a.say("2", "g");
        b.say("3", "g");
        assertThat(a.bodies()).containsExactly("1", "2", "3");
    }

    @Test
    void g39_selfDiscardSparesTheSendingSessionOnly() {
        Client sameUser = partition.connect("a2");
        for (Client client : List.of(a, b, sameUser)) {
            client.join("g");
            client.join("h");
        }
        a.sayToOthers("one", "g");
        a.sayToOthers("two", "g", "h");
        a.sayToOthers("three", "g", a.name);
        assertThat(a.bodies()).isEmpty();
        assertThat(b.bodies()).containsExactly("one", "two", "three");
        assertThat(sameUser.bodies()).containsExactly("one", "two", "three");
    }

    @Test
    void g40_aMemberOfTwoTargetsGetsOneCopyThatListsAllInOrder() {
        a.join("g");
        a.join("h");
        b.join("h");
        c.say("m", "h", "empty", "g");
        assertThat(a.messages()).hasSize(1);
        assertThat(a.messages().getFirst().groups()).containsExactly("h", "empty", "g");
        assertThat(b.messages()).isEqualTo(a.messages());
    }

    @Test
    void g41_privateAndOrdinaryTargetsMixAndARepeatedNameGivesOneCopy() {
        a.join("g");
        b.join("g");
        c.say("m", "g", b.name, "g", c.name, b.name);
        assertThat(a.bodies()).containsExactly("m");
        assertThat(b.bodies()).containsExactly("m");
        assertThat(c.bodies()).containsExactly("m");
    }

    @Test
    void g42_aMessageToSeveralGroupsHasOnePositionForAllReceivers() {
        a.join("g");
        b.join("h");
        Answer answer = c.say("m", "g", "h", c.name);
        assertThat(List.of(a, b, c))
                .allSatisfy(
                        client -> assertThat(client.messages().getFirst().at()).isEqualTo(answer.at()));
    }

    @Test
    void g43_aPrivateMessageReachesThatSessionAlone() {
        List.of(a, b, c).forEach(client -> client.join("g"));
        c.say("m", b.name);
        assertThat(b.bodies()).containsExactly("m");
        assertThat(a.bodies()).isEmpty();
        assertThat(c.bodies()).isEmpty();
    }

    @Test
    void g43_aMessageToAVanishedNameIsDroppedAndReportedAndNeverReachesALaterHolderOfTheName() {
        b.close();
        Answer answer = c.say("m", b.name, "g", "#nobody#gw");
        assertThat(answer.isOk()).isTrue();
        assertThat(MulticastReply.dropped(answer.body())).containsExactly(b.name, "#nobody#gw");
        Client later = partition.connect("b");
        assertThat(later.name).isEqualTo(b.name);
        assertThat(later.told()).isEmpty();
        assertThat(MulticastReply.dropped(c.say("m2", later.name).body())).isEmpty();
        assertThat(later.bodies()).containsExactly("m2");
        assertThat(b.bodies()).isEmpty();
    }

    @Test
    void g43_aPrivateMessageToASuspendedSessionIsNotDropped() {
        b.suspend();
        Answer answer = c.say("m", b.name);
        assertThat(MulticastReply.dropped(answer.body())).isEmpty();
        assertThat(b.bodies()).containsExactly("m");
    }

    @Test
    void g44_aMessageToAGroupWithoutMembersSucceeds() {
        assertThat(a.say("m", "empty").isOk()).isTrue();
        assertThat(a.say("m", "empty", "empty2").isOk()).isTrue();
        assertThat(List.of(a, b, c))
                .allSatisfy(client -> assertThat(client.told()).isEmpty());
    }

    @Test
    void g45_noTargetOrTooManyAreRefused() {
        assertThat(a.say("m").error()).isEqualTo(ErrorCode.NO_TARGET);
        List<String> groups = new ArrayList<>();
        for (int i = 0; i <= GroupLimits.TARGETS_MAX; i++) {
            groups.add("g" + i);
        }
        assertThat(a.say("m", groups.toArray(String[]::new)).error()).isEqualTo(ErrorCode.TOO_MANY_TARGETS);
        groups.removeLast();
        assertThat(a.say("m", groups.toArray(String[]::new)).isOk()).isTrue();
    }

    @Test
    void g45_anIllegalTargetIsRefusedByName() {
        assertThat(a.say("m", "").error()).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
        assertThat(a.say("m", "g", "a b").error()).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
        assertThat(partition.steady.machine.view().failures().failedCount()).isZero();
    }

    @Test
    void g46_twentyThousandBytesRoundTrip() {
        b.join("g");
        byte[] body = new byte[20_000];
        new Random(46).nextBytes(body);
        a.send(a.message(ServiceLevel.SAFE, false, 0, body, "g"));
        assertThat(b.bodies()).containsExactly(new String(body, StandardCharsets.ISO_8859_1));
    }

    @Test
    void g47_bodiesAndTypesArriveAsTheyWere() {
        b.join("g");
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        List<byte[]> bodies = List.of(new byte[0], new byte[3], all);
        for (byte[] body : bodies) {
            for (int type : List.of(-32768, -1, 0, 1, 32767)) {
                a.send(a.message(ServiceLevel.AGREED, false, type, body, "g"));
                Told.Message got = b.messages().getLast();
                assertThat(got.type()).isEqualTo(type);
                assertThat(got.body().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(body);
            }
        }
    }

    @Test
    void g48_aRecordWithoutAServiceLevelHasNoEffectAndTheSessionLivesOn() {
        b.join("g");
        for (int level : List.of(0, 7, 255)) {
            byte[] body = a.message(ServiceLevel.SAFE, false, "m", "g").toBytes();
            body[1] = (byte) level;
            Origin origin = new Origin(a.incarnation, a.id, a.epoch, ++a.number, 0, 0, "");
            List<Replica.Given> answers = partition.append(new LogEntry.Command(origin, body, new byte[] {'m'}));
            assertThat(answers.getLast().answer().isOk()).isFalse();
        }
        a.say("good", "g");
        assertThat(b.bodies()).containsExactly("good");
    }

    @Test
    void g07_theSendersTrueNameCountsWhateverTheRecordSays() {
        b.join("g");
        GroupCommand.Multicast forged = new GroupCommand.Multicast(
                List.of("g"), c.name, ServiceLevel.AGREED, 0, false, Content.BYTES, "", "", List.of(), new byte[0]);
        Position at = a.send(forged).at();
        assertThat(b.messages().getFirst().from()).isEqualTo(a.name);
        assertThat(b.messages().getFirst().at()).isEqualTo(at);
    }
}
