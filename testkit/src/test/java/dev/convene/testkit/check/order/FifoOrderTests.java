package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Level.AGREED;
import static dev.convene.testkit.check.order.Level.FIFO;
import static dev.convene.testkit.check.order.Level.RELIABLE;
import static dev.convene.testkit.check.order.Told.A;
import static dev.convene.testkit.check.order.Told.B;
import static dev.convene.testkit.check.order.Told.got;
import static dev.convene.testkit.check.order.Told.sent;
import static dev.convene.testkit.check.order.Told.session;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FifoOrderTests {

    private final FifoOrder fifoOrder = new FifoOrder();

    @Test
    void g27_messagesInSendOrder_areAccepted() {
        assertThat(fifoOrder.check(History.of(
                        session("a", A, sent("m1", FIFO, "g1"), sent("m2", FIFO, "g2")),
                        session("b", B, got("m1", A, FIFO, 1, "g1"), got("m2", A, FIFO, 2, "g2")))))
                .isEmpty();
    }

    @Test
    void g27_messagesToTwoGroupsInTheOtherOrder_areFound() {
        Violations found = fifoOrder.check(History.of(
                session("a", A, sent("m1", FIFO, "g1"), sent("m2", FIFO, "g2")),
                session("b", B, got("m2", A, FIFO, 1, "g2"), got("m1", A, FIFO, 2, "g1"))));

        assertThat(found).singleElement().isEqualTo(new OrderViolation.FifoInverted("G27", "b", 1, "a", "m1", "m2", 0));
    }

    @Test
    void g30_messagesOfMixedLevelsInTheOtherOrder_areFound() {
        Violations found = fifoOrder.check(History.of(
                session("a", A, sent("m1", AGREED, "g"), sent("m2", FIFO, "g")),
                session("b", B, got("m2", A, FIFO, 1, "g"), got("m1", A, AGREED, 2, "g"))));

        assertThat(found)
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G30"));
    }

    @Test
    void g27_aMessageThatComesAfterSeveralLaterOnes_isFoundOnce() {
        Violations found = fifoOrder.check(History.of(
                session("a", A, sent("m1", FIFO, "g"), sent("m2", FIFO, "g"), sent("m3", FIFO, "g")),
                session("b", B, got("m2", A, FIFO, 1, "g"), got("m3", A, FIFO, 2, "g"), got("m1", A, FIFO, 3, "g"))));

        assertThat(found.found()).isOne();
    }

    @Test
    void g28_reliableMessagesInTheOtherOrder_areAccepted() {
        assertThat(fifoOrder.check(History.of(
                        session("a", A, sent("m1", RELIABLE, "g"), sent("m2", FIFO, "g")),
                        session("b", B, got("m2", A, FIFO, 1, "g"), got("m1", A, RELIABLE, 2, "g")))))
                .isEmpty();
    }

    @Test
    void g4_laterSessionsOfTheSameName_areOtherSenders() {
        assertThat(fifoOrder.check(History.of(
                        session("a1", A, sent("m1", FIFO, "g")),
                        session("a2", A, sent("m2", FIFO, "g")),
                        session("b", B, got("m2", A, FIFO, 1, "g"), got("m1", A, FIFO, 2, "g")))))
                .isEmpty();
    }
}
