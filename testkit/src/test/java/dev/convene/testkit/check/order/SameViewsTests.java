package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Level.AGREED;
import static dev.convene.testkit.check.order.Told.A;
import static dev.convene.testkit.check.order.Told.B;
import static dev.convene.testkit.check.order.Told.C;
import static dev.convene.testkit.check.order.Told.at;
import static dev.convene.testkit.check.order.Told.cut;
import static dev.convene.testkit.check.order.Told.got;
import static dev.convene.testkit.check.order.Told.joined;
import static dev.convene.testkit.check.order.Told.left;
import static dev.convene.testkit.check.order.Told.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SameViewsTests {

    private final SameViews sameViews = new SameViews();

    @Test
    void g11_twoMembersWithTheSameViews_areAccepted() {
        assertThat(sameViews.check(History.of(
                        session("a", A, joined("g", 1, A, A), joined("g", 2, B, A, B)),
                        session("b", B, joined("g", 2, B, A, B)))))
                .isEmpty();
    }

    @Test
    void g11_membersInAnotherOrderAtOneMember_areFound() {
        Violations found = sameViews.check(History.of(
                session("a", A, joined("g", 1, A, A), joined("g", 2, B, A, B)),
                session("b", B, joined("g", 2, B, B, A))));

        assertThat(found).singleElement().isInstanceOfSatisfying(ViewViolation.ViewsDiffer.class, violation -> {
            assertThat(violation.contractCase()).isEqualTo("G11");
            assertThat(violation.receiver()).isEqualTo("b");
            assertThat(violation.index()).isZero();
            assertThat(violation.other()).isEqualTo("a");
        });
    }

    @Test
    void g11_anotherChangeAtOneMember_isFound() {
        Violations found = sameViews.check(History.of(
                session("a", A, joined("g", 1, A, A), joined("g", 2, B, A, B)),
                session("b", B, joined("g", 2, A, A, B))));

        assertThat(found).singleElement().isInstanceOf(ViewViolation.ViewsDiffer.class);
    }

    @Test
    void g18_oneIdForTwoViews_isFound() {
        Violations found = sameViews.check(History.of(
                session("a", A, joined("g", 1, A, A), joined("g", 2, B, A, B)),
                session("b", B, left("g", 2, C, A, B))));

        assertThat(found)
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G18"));
    }

    @Test
    void g18_oneViewUnderTwoIds_isMissedByEachOfThem() {
        Violations found = sameViews.check(History.of(
                session("a", A, joined("g", 1, A, A), joined("g", 2, B, A, B), got("m", C, AGREED, 9, "g")),
                session("b", B, joined("g", 3, B, A, B), got("m", C, AGREED, 9, "g"))));

        assertThat(found).contains(new ViewViolation.ViewMissed("G24", "a", 2, "g", at(3), "b"));
    }

    @Test
    void g18_theSameMembersAgainUnderANewId_areAccepted() {
        assertThat(sameViews.check(
                        History.of(session("a", A, joined("g", 1, A, A), joined("g", 2, B, A, B), left("g", 3, B, A)))))
                .isEmpty();
    }

    @Test
    void g17_anIdOfAnEarlierLifeOfTheGroup_isFound() {
        assertThat(sameViews.check(History.of(
                        session("a", A, joined("g", 1, A, A), new Event.SelfLeave("g"), joined("g", 1, A, A)))))
                .singleElement()
                .isEqualTo(new ViewViolation.ViewRepeated("a", 2, "g", at(1)));
    }

    @Test
    void g22_oneViewTwice_isFound() {
        assertThat(sameViews.check(History.of(session("a", A, joined("g", 1, A, A), joined("g", 1, A, A)))))
                .singleElement()
                .isEqualTo(new ViewViolation.ViewRepeated("a", 1, "g", at(1)));
    }

    @Test
    void g55_anOlderViewAfterANewerOne_isFound() {
        assertThat(sameViews.check(History.of(
                        session("a", A, joined("g", 1, A, A), joined("g", 3, C, A, B, C), joined("g", 2, B, A, B)))))
                .singleElement()
                .isEqualTo(new ViewViolation.StaleView("a", 2, "g", at(2), at(3)));
    }

    @Test
    void g24_aViewBetweenTwoOthersThatAMemberMissed_isFound() {
        Violations found = sameViews.check(History.of(
                session("a", A, joined("g", 1, A, A), joined("g", 2, B, A, B), joined("g", 3, C, A, B, C)),
                cut("b", B, joined("g", 2, B, A, B), got("m", C, AGREED, 4, "g"))));

        assertThat(found).singleElement().isEqualTo(new ViewViolation.ViewMissed("G24", "b", 1, "g", at(3), "a"));
    }

    @Test
    void g24_theLastViewThatADrainedMemberMissed_isFound() {
        Violations found = sameViews.check(History.of(
                session("a", A, joined("g", 1, A, A), joined("g", 2, B, A, B), joined("g", 3, C, A, B, C)),
                session("b", B, joined("g", 2, B, A, B))));

        assertThat(found).singleElement().isEqualTo(new ViewViolation.ViewMissed("G24", "b", 1, "g", at(3), "a"));
    }

    @Test
    void g24_aRecordThatStopsBeforeTheView_isAccepted() {
        assertThat(sameViews.check(History.of(
                        session("a", A, joined("g", 1, A, A), joined("g", 2, B, A, B), joined("g", 3, C, A, B, C)),
                        cut("b", B, joined("g", 2, B, A, B)))))
                .isEmpty();
    }

    @Test
    void g10_aJoinViewThatTheJoinerNeverGot_isFound() {
        Violations found = sameViews.check(
                History.of(session("a", A, joined("g", 1, A, A), joined("g", 2, B, A, B)), session("b", B)));

        assertThat(found).singleElement().isEqualTo(new ViewViolation.ViewMissed("G10", "b", 0, "g", at(2), "a"));
    }

    @Test
    void g19_aSessionThatDeclinedMembershipMessages_missesNothing() {
        SessionHistory declines = new SessionHistory("b", B, true, Ending.DRAINED, List.of());

        assertThat(sameViews.check(
                        History.of(session("a", A, joined("g", 1, A, A), joined("g", 2, B, A, B)), declines)))
                .isEmpty();
    }

    @Test
    void g60_viewsToldAgainAfterAResumeWithoutRecovery_areAccepted() {
        assertThat(sameViews.check(History.of(session(
                        "a",
                        A,
                        joined("g", 1, A, A),
                        new Event.Disconnected(),
                        new Event.Resumed(false),
                        joined("g", 1, A, A)))))
                .isEmpty();
    }

    @Test
    void g11_countsThatDiffer_areFound() {
        Event.View three = new Event.View("g", at(1), Reason.JOIN, new Roster.Counted(300, "d1"), List.of(C));
        Event.View four = new Event.View("g", at(1), Reason.JOIN, new Roster.Counted(300, "d2"), List.of(C));

        assertThat(sameViews.check(History.of(session("a", A, three), session("b", B, four))))
                .singleElement()
                .isInstanceOf(ViewViolation.ViewsDiffer.class);
    }
}
