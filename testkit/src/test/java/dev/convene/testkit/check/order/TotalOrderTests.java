package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Level.AGREED;
import static dev.convene.testkit.check.order.Level.FIFO;
import static dev.convene.testkit.check.order.Level.RELIABLE;
import static dev.convene.testkit.check.order.Told.A;
import static dev.convene.testkit.check.order.Told.B;
import static dev.convene.testkit.check.order.Told.C;
import static dev.convene.testkit.check.order.Told.acked;
import static dev.convene.testkit.check.order.Told.at;
import static dev.convene.testkit.check.order.Told.got;
import static dev.convene.testkit.check.order.Told.gotSomewhere;
import static dev.convene.testkit.check.order.Told.joined;
import static dev.convene.testkit.check.order.Told.network;
import static dev.convene.testkit.check.order.Told.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TotalOrderTests {

    private final TotalOrder totalOrder = new TotalOrder();

    @Test
    void g26_twoMembersSeeOneOrder_isAccepted() {
        assertThat(totalOrder.check(History.of(
                        session("a", A, got("m1", C, AGREED, 1, "g"), got("m2", C, AGREED, 2, "h")),
                        session("b", B, got("m1", C, AGREED, 1, "g"), got("m2", C, AGREED, 2, "h")))))
                .isEmpty();
    }

    @Test
    void g26_twoMembersSeeDifferentOrders_isFound() {
        Violations found = totalOrder.check(History.of(
                session("a", A, gotSomewhere("m1", C, AGREED, "g"), gotSomewhere("m2", C, AGREED, "h")),
                session("b", B, gotSomewhere("m2", C, AGREED, "h"), gotSomewhere("m1", C, AGREED, "g"))));

        assertThat(found).singleElement().isInstanceOfSatisfying(OrderViolation.Contradiction.class, violation -> {
            assertThat(violation.contractCase()).isEqualTo("G26");
            assertThat(violation.steps()).hasSize(2);
            assertThat(violation.explanation())
                    .contains("a saw message m1 (event 0) before message m2 (event 1)")
                    .contains("b saw message m2 (event 0) before message m1 (event 1)");
        });
    }

    @Test
    void g26_threeMembersOfWhomNoTwoContradict_areFoundTogether() {
        Violations found = totalOrder.check(History.of(
                session("a", A, gotSomewhere("m1", C, AGREED, "g"), gotSomewhere("m2", C, AGREED, "g")),
                session("b", B, gotSomewhere("m2", C, AGREED, "g"), gotSomewhere("m3", C, AGREED, "g")),
                session("c", C, gotSomewhere("m3", C, AGREED, "g"), gotSomewhere("m1", C, AGREED, "g"))));

        assertThat(found)
                .singleElement()
                .isInstanceOfSatisfying(
                        OrderViolation.Contradiction.class,
                        violation -> assertThat(violation.steps()).hasSize(3));
    }

    @Test
    void g26_aLongDetour_isToldByItsTurningPoints() {
        Violations found = totalOrder.check(History.of(
                session(
                        "a",
                        A,
                        gotSomewhere("m1", C, AGREED, "g"),
                        gotSomewhere("x", C, AGREED, "g"),
                        gotSomewhere("y", C, AGREED, "g"),
                        gotSomewhere("m2", C, AGREED, "g")),
                session("b", B, gotSomewhere("m2", C, AGREED, "g"), gotSomewhere("m1", C, AGREED, "g"))));

        assertThat(found)
                .singleElement()
                .isInstanceOfSatisfying(
                        OrderViolation.Contradiction.class,
                        violation -> assertThat(violation.steps())
                                .contains(new OrderViolation.Step("a", 0, "message m1", 3, "message m2")));
    }

    @Test
    void g26_aPositionThatGoesBack_isFound() {
        Violations found =
                totalOrder.check(History.of(session("a", A, got("m2", C, AGREED, 2, "g"), got("m1", C, FIFO, 1, "g"))));

        assertThat(found)
                .singleElement()
                .isEqualTo(new OrderViolation.PositionWentBack("G26", "a", 1, "message m1", at(1), 0, at(2)));
    }

    @Test
    void g31_aMessageAndAViewInDifferentOrders_isFound() {
        Violations found = totalOrder.check(History.of(
                session("a", A, gotSomewhere("m", C, AGREED, "g"), joined("g", 5, B, A, B)),
                session("b", B, joined("g", 5, B, A, B), gotSomewhere("m", C, AGREED, "g"))));

        assertThat(found)
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G31"));
    }

    @Test
    void g31_aViewAtAPositionBeforeWhatCame_isFound() {
        Violations found =
                totalOrder.check(History.of(session("a", A, got("m", C, AGREED, 6, "g"), joined("g", 5, B, A, B))));

        assertThat(found)
                .singleElement()
                .isEqualTo(
                        new OrderViolation.PositionWentBack("G31", "a", 1, "view default@0:5.0 of g", at(5), 0, at(6)));
    }

    @Test
    void g42_oneMessageAtTwoPositions_isFound() {
        Violations found = totalOrder.check(History.of(
                session("a", A, got("m", C, AGREED, 1, "g", "h")), session("b", B, got("m", C, AGREED, 2, "g", "h"))));

        assertThat(found).singleElement().isEqualTo(new OrderViolation.PositionsDiffer("b", 0, "m", at(2), "a", at(1)));
    }

    @Test
    void g42_anAcknowledgementAtAnotherPositionThanTheDelivery_isFound() {
        Violations found = totalOrder.check(
                History.of(session("a", A, acked("m", AGREED, 1, "g")), session("b", B, got("m", A, AGREED, 2, "g"))));

        assertThat(found).singleElement().isEqualTo(new OrderViolation.PositionsDiffer("b", 0, "m", at(2), "a", at(1)));
    }

    @Test
    void g42_twoMessagesAtOnePosition_areFound() {
        Violations found = totalOrder.check(History.of(
                session("a", A, got("m1", C, AGREED, 1, "g")), session("b", B, got("m2", C, AGREED, 1, "g"))));

        assertThat(found)
                .singleElement()
                .isEqualTo(new OrderViolation.PositionShared("b", 0, "message m2", at(1), "message m1"));
    }

    @Test
    void g42_aMessageAtThePositionOfAView_isFound() {
        Violations found = totalOrder.check(
                History.of(session("a", A, joined("g", 1, A, A)), session("b", B, got("m", C, AGREED, 1, "g"))));

        assertThat(found)
                .singleElement()
                .isEqualTo(new OrderViolation.PositionShared("b", 0, "message m", at(1), "view default@0:1.0 of g"));
    }

    @Test
    void g50_viewsOfSeveralGroupsByOneRecord_mayShareItsPosition() {
        assertThat(totalOrder.check(
                        History.of(session("a", A, network("g", 9, List.of(A), A), network("h", 9, List.of(A), A)))))
                .isEmpty();
    }

    @Test
    void g28_reliableMessages_haveNoOrder() {
        assertThat(totalOrder.check(History.of(
                        session("a", A, got("m1", C, RELIABLE, 1, "g"), got("m2", C, RELIABLE, 2, "g")),
                        session("b", B, got("m2", C, RELIABLE, 2, "g"), got("m1", C, RELIABLE, 1, "g")))))
                .isEmpty();
    }

    @Test
    void g26_messagesOfDifferentDomains_haveNoCommonOrder() {
        assertThat(totalOrder.check(History.of(
                        session("a", A, got("m1", C, AGREED, "x", 1, "x/g"), got("m2", C, AGREED, "y", 1, "y/g")),
                        session("b", B, got("m2", C, AGREED, "y", 1, "y/g"), got("m1", C, AGREED, "x", 1, "x/g")))))
                .isEmpty();
    }

    @Test
    void g60_whatIsToldAgainAfterAResumeWithoutRecovery_isExempt() {
        assertThat(totalOrder.check(History.of(session(
                        "a",
                        A,
                        joined("g", 1, A, A),
                        got("m", C, AGREED, 2, "g"),
                        new Event.Disconnected(),
                        new Event.Resumed(false),
                        joined("g", 1, A, A),
                        got("n", C, AGREED, 9, "g")))))
                .isEmpty();
    }
}
