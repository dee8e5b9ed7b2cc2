package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Level.AGREED;
import static dev.convene.testkit.check.order.Level.FIFO;
import static dev.convene.testkit.check.order.Level.UNRELIABLE;
import static dev.convene.testkit.check.order.Told.A;
import static dev.convene.testkit.check.order.Told.B;
import static dev.convene.testkit.check.order.Told.got;
import static dev.convene.testkit.check.order.Told.gotSomewhere;
import static dev.convene.testkit.check.order.Told.session;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AtMostOnceTests {

    private final AtMostOnce atMostOnce = new AtMostOnce();

    @Test
    void g53_oneMessageTwice_isFound() {
        assertThat(atMostOnce.check(
                        History.of(session("a", A, got("m", B, AGREED, 1, "g"), got("m", B, AGREED, 1, "g")))))
                .singleElement()
                .isEqualTo(new DeliveryViolation.DeliveredTwice("G53", "a", 1, "m", 0));
    }

    @Test
    void g53_oneMessageUnderTwoPositions_isStillTheSameMessage() {
        assertThat(atMostOnce.check(
                        History.of(session("a", A, got("m", B, AGREED, 1, "g"), got("m", B, AGREED, 2, "g")))))
                .singleElement()
                .isEqualTo(new DeliveryViolation.DeliveredTwice("G53", "a", 1, "m", 0));
    }

    @Test
    void g59_aMessageAgainAfterTheResume_isFound() {
        assertThat(atMostOnce.check(History.of(session(
                        "a",
                        A,
                        got("m", B, AGREED, 1, "g"),
                        new Event.Disconnected(),
                        new Event.Resumed(true),
                        got("m", B, AGREED, 1, "g")))))
                .singleElement()
                .isEqualTo(new DeliveryViolation.DeliveredTwice("G59", "a", 3, "m", 0));
    }

    @Test
    void g28_anUnreliableMessageTwice_isFound() {
        assertThat(atMostOnce.check(History.of(
                        session("a", A, gotSomewhere("m", B, UNRELIABLE, "g"), gotSomewhere("m", B, UNRELIABLE, "g")))))
                .singleElement()
                .isEqualTo(new DeliveryViolation.DeliveredTwice("G28", "a", 1, "m", 0));
    }

    @Test
    void g53_oneMessageAtTwoSessions_isAccepted() {
        assertThat(atMostOnce.check(History.of(
                        session("a", A, got("m", B, AGREED, 1, "g")), session("b", B, got("m", B, AGREED, 1, "g")))))
                .isEmpty();
    }

    @Test
    void g40_aMessageThroughTwoDomains_isOneRecordInEach() {
        assertThat(atMostOnce.check(History.of(
                        session("a", A, got("m", B, FIFO, "x", 1, "x/g"), got("m", B, FIFO, "y", 1, "x/g")))))
                .isEmpty();
    }
}
