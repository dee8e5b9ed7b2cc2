package dev.convene.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages and views in one order. A test's name begins with the contract's case. */
class OrderTests {
    private final Partition partition = new Partition();
    private final Client a = partition.connect("a");
    private final Client b = partition.connect("b");
    private final Client c = partition.connect("c");

    private void allJoin(String... groups) {
        for (String group : groups) {
            List.of(a, b, c).forEach(client -> client.join(group));
        }
    }

    @Test
    void g26_agreedMessagesToTwoGroupsOfADomainComeInTheSameOrder() {
        allJoin("g", "h");
        a.say("1", "g");
        b.say("2", "h");
        c.say("3", "g");
        a.say("4", "h");
        assertThat(List.of(a, b, c))
                .allSatisfy(client -> assertThat(client.bodies()).containsExactly("1", "2", "3", "4"));
    }

    @Test
    void g27_messagesOfOneSenderToTwoGroupsKeepTheirOrder() {
        allJoin("g", "h");
        for (int i = 0; i < 20; i++) {
            a.send(a.message(ServiceLevel.FIFO, false, "m" + i, i % 2 == 0 ? "g" : "h"));
        }
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add("m" + i);
        }
        assertThat(b.bodies()).isEqualTo(sent);
    }

    @Test
    void g28_reliableComesOnceAndUnreliableAtMostOnce() {
        allJoin("g");
        a.send(a.message(ServiceLevel.RELIABLE, false, "r", "g"));
        partition.append(Client.entry(
                a.incarnation, a.id, a.epoch, 0, 0, "", a.message(ServiceLevel.UNRELIABLE, false, "u", "g")));
        assertThat(b.bodies()).containsExactly("r", "u");
        assertThat(b.messages().stream().map(Told.Message::service)).containsExactly("reliable", "unreliable");
    }

    @Test
    void g29_whatIsSentAfterADeliveryComesAfterItWithinADomain() {
        allJoin("g", "h");
        a.send(a.message(ServiceLevel.CAUSAL, false, "cause", "g"));
        assertThat(b.bodies()).containsExactly("cause");
        b.send(b.message(ServiceLevel.CAUSAL, false, "effect", "h"));
        assertThat(c.bodies()).containsExactly("cause", "effect");
    }

    @Test
    void g30_mixedLevelsOfOneSenderArriveInSendOrder() {
        allJoin("g");
        List<ServiceLevel> levels =
                List.of(ServiceLevel.SAFE, ServiceLevel.FIFO, ServiceLevel.AGREED, ServiceLevel.CAUSAL);
        for (ServiceLevel level : levels) {
            a.send(a.message(level, false, level.wireName(), "g"));
        }
        assertThat(b.bodies()).containsExactly("safe", "fifo", "agreed", "causal");
    }

    @Test
    void g31_allMembersGetAMessageOnTheSameSideOfAView() {
        a.join("g");
        b.join("g");
        a.say("1", "g");
        c.join("g");
        b.say("2", "g");
        c.leave("g");
        a.say("3", "g");
        List<Object> order = List.of("1", ViewReason.JOIN, "2", ViewReason.LEAVE, "3");
        assertThat(kinds(a.told()).subList(2, 7)).isEqualTo(order);
        assertThat(kinds(b.told()).subList(1, 6)).isEqualTo(order);
    }

    private static List<Object> kinds(List<Told> told) {
        List<Object> kinds = new ArrayList<>();
        for (Told one : told) {
            switch (one) {
                case Told.Message m -> kinds.add(m.body());
                case Told.View v -> kinds.add(v.reason());
                default -> kinds.add(one.getClass().getSimpleName());
            }
        }
        return kinds;
    }

    @Test
    void g32_whatIsSentAfterAViewIsDeliveredAfterIt() {
        a.join("g");
        b.join("g");
        Position view = c.join("g").at();
        a.say("m", "g");
        assertThat(b.messages().getFirst().at().isAfter(view)).isTrue();
        assertThat(kinds(b.told())).endsWith(ViewReason.JOIN, "m");
    }

    @Test
    void g33_aMessageAfterItsSendersLeaveComesAfterTheLeaveViewAndNotToTheSender() {
        allJoin("g");
        a.leave("g");
        a.say("m", "g");
        assertThat(kinds(b.told())).endsWith(ViewReason.LEAVE, "m");
        assertThat(a.bodies()).isEmpty();
    }

    @Test
    void g34_aMessageBeforeADisconnectComesBeforeItsView() {
        allJoin("g");
        a.say("last words", "g");
        a.close();
        assertThat(kinds(b.told())).endsWith("last words", ViewReason.DISCONNECT);
        assertThat(kinds(c.told())).endsWith("last words", ViewReason.DISCONNECT);
    }

    @Test
    void positionsRiseInEveryStreamAndSurviveGapsInOffsets() {
        a.join("g");
        partition.skipOffsets(7);
        b.join("g");
        a.say("m", "g");
        partition.skipOffsets(1);
        b.leave("g");
        List<Position> positions = new ArrayList<>();
        for (Told told : a.told()) {
            positions.add(
                    switch (told) {
                        case Told.Message m -> m.at();
                        case Told.View v -> v.id();
                        case Told.Transitional t -> t.at();
                        case Told.SelfLeave l -> l.at();
                        case Told.Presence p -> p.at();
                    });
        }
        assertThat(positions).isSorted().doesNotHaveDuplicates();
    }
}
