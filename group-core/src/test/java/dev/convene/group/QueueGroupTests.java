package dev.convene.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One of the members of a queue group gets each message. */
class QueueGroupTests {
    private final Partition partition = new Partition();
    private final Client sender = partition.connect("sender");
    private final Client a = partition.connect("a");
    private final Client b = partition.connect("b");
    private final Client c = partition.connect("c");

    private static List<String> numbers(int from, int step, int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + (from + i * step)).toList();
    }

    private void sayNumbers(int count) {
        for (int i = 0; i < count; i++) {
            sender.say("m" + i, "g");
        }
    }

    private static Position[] got(Client client) {
        return client.messages().stream().map(Told.Message::at).toArray(Position[]::new);
    }

    @Test
    void membersTakeTurns() {
        List.of(a, b, c).forEach(client -> client.joinQueue("g", "q"));
        sayNumbers(9);
        assertThat(a.bodies()).isEqualTo(numbers(0, 3, 3));
        assertThat(b.bodies()).isEqualTo(numbers(1, 3, 3));
        assertThat(c.bodies()).isEqualTo(numbers(2, 3, 3));
        assertThat(a.messages()).allMatch(message -> message.queue() && !message.redelivered());
    }

    @Test
    void ordinaryMembersAndEveryQueueGetEachMessage() {
        a.join("g");
        b.joinQueue("g", "q1");
        c.joinQueue("g", "q2");
        sayNumbers(3);
        assertThat(List.of(a, b, c))
                .allSatisfy(client -> assertThat(client.bodies()).isEqualTo(numbers(0, 1, 3)));
    }

    @Test
    void whoIsAnOrdinaryMemberOfOneTargetAndTheQueuesChoiceInAnotherGetsBothCopies() {
        a.join("news");
        a.joinQueue("jobs", "q");
        a.say("m", "news", "jobs");
        assertThat(a.bodies()).containsExactly("m", "m");
        assertThat(a.messages()).extracting(Told.Message::at).doesNotHaveDuplicates();
        // Only the second is work: released, it comes again, and acknowledged, it does not.
        a.acknowledge("jobs", a.messages().getLast().at());
        b.joinQueue("jobs", "q");
        a.leave("jobs");
        assertThat(b.bodies()).isEmpty();
    }

    @Test
    void aQueueMemberIsListedAndGetsViews() {
        a.join("g");
        b.joinQueue("g", "q");
        assertThat(a.views().getLast().members()).containsExactly(a.name, b.name);
        assertThat(b.views()).hasSize(1);
    }

    @Test
    void whatAMemberLeavesBehindGoesToTheNextMarkedRedelivered() {
        a.joinQueue("g", "q");
        b.joinQueue("g", "q");
        sayNumbers(4);
        a.acknowledge("g", a.messages().getFirst().at());
        a.leave("g");
        assertThat(b.bodies()).containsExactly("m1", "m3", "m2");
        assertThat(b.messages().getLast().redelivered()).isTrue();
    }

    @Test
    void whatALostMemberHadGoesToTheNextBeforeAnythingNewer() {
        a.joinQueue("g", "q");
        sayNumbers(3);
        a.suspend();
        sender.say("new", "g");
        assertThat(a.bodies()).hasSize(3);
        a.expire();
        assertThat(partition.members("g")).isEmpty();
        b.joinQueue("g", "q");
        assertThat(b.bodies()).containsExactly("m0", "m1", "m2", "new");
        assertThat(b.messages().stream().map(Told.Message::redelivered)).containsExactly(true, true, true, false);
    }

    @Test
    void theWorkOfAQueueWaitsThoughNobodyIsInTheGroup() {
        a.joinQueue("g", "q");
        sayNumbers(2);
        a.leave("g");
        sender.say("new", "g");
        b.join("g");
        assertThat(b.bodies()).isEmpty();
        b.leave("g");
        c.joinQueue("g", "q");
        assertThat(partition.members("g")).containsExactly(c.name);
        assertThat(c.bodies()).containsExactly("m0", "m1", "new");
        c.acknowledge("g", got(c));
        c.leave("g");
        assertThat(partition.steady.shard.groups().find("g")).isNull();
    }

    @Test
    void theQueueSurvivesWithoutMembersWhileItHasMessages() {
        b.join("g");
        a.joinQueue("g", "q");
        sayNumbers(3);
        a.close();
        sender.say("new", "g");
        c.joinQueue("g", "q");
        assertThat(c.bodies()).containsExactly("m0", "m1", "m2", "new");
        assertThat(c.messages().stream().map(Told.Message::redelivered)).containsExactly(true, true, true, false);
    }

    @Test
    void aQueueWithoutMembersAndMessagesEnds() {
        b.join("g");
        a.joinQueue("g", "q");
        sayNumbers(2);
        a.acknowledge("g", got(a));
        a.leave("g");
        assertThat(partition.steady.shard.groups().find("g").queues()).isEmpty();
        sender.say("to nobody", "g");
        c.joinQueue("g", "q");
        assertThat(c.bodies()).isEmpty();
    }

    @Test
    void aSuspendedMemberIsNotChosenAndIsServedAgainWhenItResumes() {
        a.joinQueue("g", "q");
        b.joinQueue("g", "q");
        a.suspend();
        sayNumbers(3);
        assertThat(a.bodies()).isEmpty();
        assertThat(b.bodies()).isEqualTo(numbers(0, 1, 3));
        b.suspend();
        sender.say("m3", "g");
        assertThat(a.bodies()).isEmpty();
        a.resume(Partition.GATEWAY);
        assertThat(a.bodies()).containsExactly("m3");
        assertThat(a.messages().getFirst().redelivered()).isFalse();
    }

    @Test
    void aSuspendedMemberKeepsWhatItHas() {
        a.joinQueue("g", "q");
        b.joinQueue("g", "q");
        sayNumbers(2);
        a.suspend();
        a.resume(Partition.GATEWAY);
        assertThat(b.bodies()).containsExactly("m1");
        assertThat(a.acknowledge("g", got(a)).isOk()).isTrue();
        a.leave("g");
        assertThat(b.bodies()).containsExactly("m1");
    }

    @Test
    void aReleasedMessageGoesToAnotherMember() {
        a.joinQueue("g", "q");
        b.joinQueue("g", "q");
        sayNumbers(2);
        a.release("g", got(a));
        assertThat(b.bodies()).containsExactly("m1", "m0");
        assertThat(b.messages().getLast().redelivered()).isTrue();
    }

    @Test
    void allThatIsReleasedAtOnceGoesToOthers() {
        a.joinQueue("g", "q");
        b.joinQueue("g", "q");
        sayNumbers(6);
        a.release("g", a.messages().stream().map(Told.Message::at).toArray(Position[]::new));
        assertThat(a.bodies()).containsExactly("m0", "m2", "m4");
        assertThat(b.bodies()).containsExactly("m1", "m3", "m5", "m0", "m2", "m4");
    }

    @Test
    void whoIsAloneGetsAgainWhatItReleases() {
        a.joinQueue("g", "q");
        sayNumbers(2);
        a.release("g", a.messages().stream().map(Told.Message::at).toArray(Position[]::new));
        assertThat(a.bodies()).containsExactly("m0", "m1", "m0", "m1");
    }

    @Test
    void aMemberWithTooManyUnacknowledgedMessagesGetsNoMoreUntilItAcknowledges() {
        Partition many = new Partition(false);
        Client from = many.connect("sender");
        Client only = many.connect("only");
        only.joinQueue("g", "q");
        for (int i = 0; i < GroupLimits.UNACKNOWLEDGED_MAX + 10; i++) {
            from.say("m" + i, "g");
        }
        assertThat(only.bodies()).hasSize(GroupLimits.UNACKNOWLEDGED_MAX);
        only.acknowledge(
                "g", only.messages().get(5).at(), only.messages().get(9).at());
        assertThat(only.bodies()).hasSize(GroupLimits.UNACKNOWLEDGED_MAX + 2);
        assertThat(only.bodies().getLast()).isEqualTo("m" + (GroupLimits.UNACKNOWLEDGED_MAX + 1));
    }

    @Test
    void selfDiscardSparesTheSenderAndIsDroppedIfNobodyElseIsThere() {
        a.joinQueue("g", "q");
        b.joinQueue("g", "q");
        a.sayToOthers("1", "g");
        a.sayToOthers("2", "g");
        assertThat(a.bodies()).isEmpty();
        assertThat(b.bodies()).containsExactly("1", "2");
        b.acknowledge("g", got(b));
        b.leave("g");
        a.sayToOthers("3", "g");
        QueueGroup queue =
                partition.steady.shard.groups().find("g").queues().iterator().next();
        assertThat(queue.count()).isZero();
        c.joinQueue("g", "q");
        assertThat(c.bodies()).isEmpty();
    }

    @Test
    void aFullQueueRefusesTheMessageForAll() {
        Partition many = new Partition(false);
        Client from = many.connect("sender");
        Client only = many.connect("only");
        Client ordinary = many.connect("ordinary");
        only.joinQueue("g", "q");
        ordinary.join("g");
        only.suspend();
        byte[] megabyte = new byte[1024 * 1024];
        for (int i = 0; i < 64; i++) {
            assertThat(from.send(from.message(ServiceLevel.AGREED, false, 0, megabyte, "g"))
                            .isOk())
                    .isTrue();
        }
        int before = ordinary.messages().size();
        assertThat(from.say("one more", "g").error()).isEqualTo(ErrorCode.QUEUE_FULL);
        assertThat(ordinary.messages()).hasSize(before);
        assertThat(from.say("elsewhere", "h").isOk()).isTrue();
    }

    @Test
    void acknowledgingWhatOneDoesNotHaveIsIgnored() {
        a.joinQueue("g", "q");
        b.joinQueue("g", "q");
        sayNumbers(2);
        assertThat(a.acknowledge("g", got(b)).isOk()).isTrue();
        assertThat(a.acknowledge("g", new Position(99, 3)).isOk()).isTrue();
        assertThat(c.acknowledge("g").error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
        b.leave("g");
        assertThat(a.bodies()).containsExactly("m0", "m1");
    }

    @Test
    void illegalQueueNamesAreRefused() {
        assertThat(a.joinQueue("g", "a b").error()).isEqualTo(ErrorCode.ILLEGAL_QUEUE_NAME);
        assertThat(a.joinQueue("g", "#q").error()).isEqualTo(ErrorCode.ILLEGAL_QUEUE_NAME);
    }

    @Test
    void theOrderOfTurnsSurvivesLeavesAndReturns() {
        List<Client> clients = new ArrayList<>(List.of(a, b, c));
        clients.forEach(client -> client.joinQueue("g", "q"));
        sayNumbers(1);
        b.leave("g");
        b.joinQueue("g", "q");
        sender.say("m1", "g");
        sender.say("m2", "g");
        sender.say("m3", "g");
        assertThat(c.bodies()).containsExactly("m1");
        assertThat(a.bodies()).containsExactly("m0", "m2");
        assertThat(b.bodies()).containsExactly("m3");
    }
}
