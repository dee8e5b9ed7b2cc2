package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Level.AGREED;
import static dev.convene.testkit.check.order.Level.RELIABLE;
import static dev.convene.testkit.check.order.Told.A;
import static dev.convene.testkit.check.order.Told.B;
import static dev.convene.testkit.check.order.Told.C;
import static dev.convene.testkit.check.order.Told.at;
import static dev.convene.testkit.check.order.Told.got;
import static dev.convene.testkit.check.order.Told.gotSomewhere;
import static dev.convene.testkit.check.order.Told.joined;
import static dev.convene.testkit.check.order.Told.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ViewSynchronyTests {

    private final ViewSynchrony viewSynchrony = new ViewSynchrony();
    private final Event second = joined("g", 2, B, A, B);
    private final Event third = joined("g", 9, C, A, B, C);

    @Test
    void g65_theSameMessagesBetweenTheSameViews_areAccepted() {
        assertThat(viewSynchrony.check(History.of(
                        session("a", A, second, got("m1", C, AGREED, 3, "g"), got("m2", C, AGREED, 4, "g"), third),
                        session("b", B, second, got("m1", C, AGREED, 3, "g"), got("m2", C, AGREED, 4, "g"), third))))
                .isEmpty();
    }

    @Test
    void g65_aMessageThatOneOfTwoLacksBetweenTheViews_isFound() {
        Violations found = viewSynchrony.check(History.of(
                session("a", A, second, got("m1", C, AGREED, 3, "g"), got("m2", C, AGREED, 4, "g"), third),
                session("b", B, second, got("m1", C, AGREED, 3, "g"), third)));

        assertThat(found)
                .singleElement()
                .isEqualTo(new DeliveryViolation.DifferentBetweenViews(
                        "G65", "b", 2, "a", 3, "g", at(2), at(9), List.of("m2"), List.of()));
    }

    @Test
    void g65_aMessageThatOnlyTheSecondGot_isFound() {
        Violations found = viewSynchrony.check(History.of(
                session("a", A, second, third), session("b", B, second, got("m", C, AGREED, 3, "g"), third)));

        assertThat(found)
                .singleElement()
                .isEqualTo(new DeliveryViolation.DifferentBetweenViews(
                        "G65", "b", 2, "a", 1, "g", at(2), at(9), List.of(), List.of("m")));
    }

    @Test
    void g31_aMessageOnTheOtherSideOfTheView_isFound() {
        Violations found = viewSynchrony.check(History.of(
                session("a", A, second, gotSomewhere("m", C, AGREED, "g"), third),
                session("b", B, second, third, gotSomewhere("m", C, AGREED, "g"))));

        assertThat(found)
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G31"));
    }

    @Test
    void g65_messagesOfOtherGroups_doNotCount() {
        assertThat(viewSynchrony.check(History.of(
                        session("a", A, second, got("m", C, AGREED, 3, "h"), third), session("b", B, second, third))))
                .isEmpty();
    }

    @Test
    void g28_reliableMessages_mayComeOnEitherSide() {
        assertThat(viewSynchrony.check(History.of(
                        session("a", A, second, got("m", C, RELIABLE, 3, "g"), third),
                        session("b", B, second, third, got("m", C, RELIABLE, 3, "g")))))
                .isEmpty();
    }

    @Test
    void g39_aMessageWhoseSenderWantedNoCopy_differsByIntent() {
        Event.Sent sent = new Event.Sent("m", AGREED, List.of("g"), true, List.of());

        assertThat(viewSynchrony.check(History.of(
                        session("a", A, second, sent, third),
                        session("b", B, second, got("m", A, AGREED, 3, "g"), third))))
                .isEmpty();
    }

    @Test
    void g60_aMemberWithAGapBetweenTheViews_isNotCompared() {
        assertThat(viewSynchrony.check(History.of(
                        session("a", A, second, got("m", C, AGREED, 3, "g"), third),
                        session("b", B, second, new Event.Disconnected(), new Event.Resumed(false), second, third))))
                .isEmpty();
    }
}
