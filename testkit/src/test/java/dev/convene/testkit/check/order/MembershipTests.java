package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Level.AGREED;
import static dev.convene.testkit.check.order.Told.A;
import static dev.convene.testkit.check.order.Told.B;
import static dev.convene.testkit.check.order.Told.C;
import static dev.convene.testkit.check.order.Told.at;
import static dev.convene.testkit.check.order.Told.gone;
import static dev.convene.testkit.check.order.Told.got;
import static dev.convene.testkit.check.order.Told.joined;
import static dev.convene.testkit.check.order.Told.left;
import static dev.convene.testkit.check.order.Told.lost;
import static dev.convene.testkit.check.order.Told.network;
import static dev.convene.testkit.check.order.Told.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipTests {

    private final Membership membership = new Membership();
    private final Event first = joined("g", 1, A, A);
    private final Event second = joined("g", 2, B, A, B);

    private Violations checkA(Event... events) {
        return membership.check(History.of(session("a", A, events)));
    }

    @Test
    void g24_aWholeLifeInAGroup_isAccepted() {
        assertThat(checkA(
                        first,
                        second,
                        joined("g", 3, C, A, B, C),
                        left("g", 4, B, A, C),
                        got("m", C, AGREED, 5, "g"),
                        lost("g", 6, C, A),
                        joined("g", 7, C, A, C),
                        new Event.Transitional("g"),
                        network("g", 8, List.of(A), A),
                        new Event.SelfLeave("g"),
                        joined("g", 9, A, A)))
                .isEmpty();
    }

    @Test
    void g10_aMessageBeforeTheJoinView_isFound() {
        assertThat(checkA(got("m", C, AGREED, 1, "g")))
                .singleElement()
                .isEqualTo(new MembershipViolation.NotJoinFirst("a", 0, "g", "message m"));
    }

    @Test
    void g10_aMessageOrderedBeforeTheJoinViewAndDeliveredAfterIt_isFound() {
        assertThat(checkA(joined("g", 5, A, A), got("m", C, AGREED, 4, "g")))
                .singleElement()
                .isEqualTo(new MembershipViolation.OrderedBeforeJoin("a", 1, "m", at(4), at(5)));
    }

    @Test
    void g10_anotherViewBeforeTheJoinView_isFound() {
        assertThat(checkA(second))
                .singleElement()
                .isEqualTo(new MembershipViolation.NotJoinFirst("a", 0, "g", "a JOIN view"));
    }

    @Test
    void g10_aTransitionalSignalBeforeTheJoinView_isFound() {
        assertThat(checkA(new Event.Transitional("g")))
                .singleElement()
                .isInstanceOf(MembershipViolation.NotJoinFirst.class);
    }

    @Test
    void g9_aJoinerThatIsNotTheYoungest_isFound() {
        assertThat(checkA(joined("g", 2, A, A, B)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G9"));
    }

    @Test
    void g12_aSecondJoinViewOfAMember_isFound() {
        assertThat(checkA(first, joined("g", 2, A, A)))
                .singleElement()
                .isEqualTo(new MembershipViolation.JoinedTwice("a", 1, "g", 0));
    }

    @Test
    void g14_aMessageAfterTheSelfLeave_isFound() {
        assertThat(checkA(first, new Event.SelfLeave("g"), got("m", C, AGREED, 5, "g")))
                .singleElement()
                .isEqualTo(new MembershipViolation.AfterSelfLeave("a", 2, "g", "message m", 1));
    }

    @Test
    void g14_aViewAfterTheSelfLeave_isFound() {
        assertThat(checkA(first, new Event.SelfLeave("g"), left("g", 3, A)))
                .singleElement()
                .isEqualTo(new MembershipViolation.AfterSelfLeave("a", 2, "g", "a LEAVE view", 1));
    }

    @Test
    void g14_aSecondSelfLeave_isFound() {
        assertThat(checkA(first, new Event.SelfLeave("g"), new Event.SelfLeave("g")))
                .singleElement()
                .isEqualTo(new MembershipViolation.AfterSelfLeave("a", 2, "g", "a self-leave", 1));
    }

    @Test
    void g15_aLeaveViewThatKeepsTheLeaver_isFound() {
        assertThat(checkA(first, second, left("g", 3, B, A, B)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G15"));
    }

    @Test
    void g16_aDisconnectViewThatLosesAnother_isFound() {
        assertThat(checkA(first, second, joined("g", 3, C, A, B, C), lost("g", 4, C, A)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G16"));
    }

    @Test
    void g49_aSecondDisconnectViewOfOneSession_isFound() {
        assertThat(checkA(first, second, lost("g", 3, B, A), lost("g", 4, B, A)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G49"));
    }

    @Test
    void g24_aJoinViewThatAddsAnotherThanItNames_isFound() {
        assertThat(checkA(first, joined("g", 2, B, A, C)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G24"));
    }

    @Test
    void g24_aCountThatDoesNotFollow_isFound() {
        Event.View counted = new Event.View("g", at(2), Reason.JOIN, new Roster.Counted(5, "d"), List.of(B));

        assertThat(checkA(first, counted))
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G24"));
    }

    @Test
    void g50_aNetworkViewWithoutASignal_isFound() {
        assertThat(checkA(first, second, network("g", 3, List.of(A), A)))
                .singleElement()
                .isInstanceOf(MembershipViolation.TransitionalMisplaced.class);
    }

    @Test
    void g50_aSignalWithoutANetworkView_isFound() {
        assertThat(checkA(first, second, new Event.Transitional("g"), left("g", 3, B, A)))
                .singleElement()
                .isInstanceOf(MembershipViolation.TransitionalMisplaced.class);
    }

    @Test
    void g50_twoSignalsBeforeOneView_areFound() {
        assertThat(checkA(
                        first,
                        second,
                        new Event.Transitional("g"),
                        new Event.Transitional("g"),
                        network("g", 3, List.of(A), A)))
                .singleElement()
                .isInstanceOfSatisfying(
                        MembershipViolation.TransitionalMisplaced.class,
                        violation -> assertThat(violation.index()).isEqualTo(3));
    }

    @Test
    void g50_aNetworkViewThatLosesNobody_isFound() {
        assertThat(checkA(first, second, new Event.Transitional("g"), network("g", 3, List.of(A, B), A, B)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G50"));
    }

    @Test
    void g51_companyThatIsNoMember_isFound() {
        assertThat(checkA(first, second, new Event.Transitional("g"), network("g", 3, List.of(A, C), A)))
                .singleElement()
                .isInstanceOf(MembershipViolation.WrongCompany.class);
    }

    @Test
    void g51_companiesThatOverlapWithoutBeingTheSame_areFound() {
        Event three = joined("g", 3, C, A, B, C);
        Violations found = membership.check(History.of(
                session(
                        "a",
                        A,
                        joined("g", 1, A, A, B, "#d#3", C),
                        new Event.Transitional("g"),
                        network("g", 4, List.of(A, B), A, B, C)),
                session("c", C, three, new Event.Transitional("g"), network("g", 4, List.of(B, C), A, B, C))));

        assertThat(found).anyMatch(MembershipViolation.WrongCompany.class::isInstance);
    }

    @Test
    void g56_aMemberWhoseSessionEndedLongBefore_isFound() {
        Violations found = membership.check(History.of(session("a", A, first, second), gone("b", B, second)));

        assertThat(found).singleElement().isEqualTo(new MembershipViolation.GhostMember("G56", "a", 1, "g", B, "b"));
    }

    @Test
    void g56_aLaterSessionOfTheSameName_isNoGhost() {
        assertThat(membership.check(History.of(
                        session("a", A, first, second, lost("g", 3, B, A), joined("g", 4, B, A, B)),
                        gone("b1", B, second),
                        session("b2", B, joined("g", 4, B, A, B)))))
                .isEmpty();
    }

    @Test
    void g19_aMembershipMessageToASessionThatDeclinedThem_isFound() {
        SessionHistory declines = new SessionHistory("a", A, true, Ending.DRAINED, List.of(first));

        assertThat(membership.check(History.of(declines)))
                .singleElement()
                .isEqualTo(new MembershipViolation.ToldUnasked("a", 0, "g", "a JOIN view"));
    }

    @Test
    void g60_afterAResumeWithoutRecoveryTheFirstViewOfAGroup_mayBeAny() {
        assertThat(checkA(first, new Event.Disconnected(), new Event.Resumed(false), joined("g", 7, C, A, B, C)))
                .isEmpty();
    }

    @Test
    void g60_afterAResumeWithoutRecoveryAMessageMayComeThroughAGroupJoinedBefore() {
        Event gap = new Event.Resumed(false);
        assertThat(checkA(first, gap, joined("h", 7, A, A), new Event.SelfLeave("h"), got("m", C, AGREED, 9, "h", "g")))
                .isEmpty();
        assertThat(checkA(first, gap, joined("h", 7, A, A), new Event.SelfLeave("h"), got("m", C, AGREED, 9, "h")))
                .singleElement()
                .isEqualTo(new MembershipViolation.AfterSelfLeave("a", 4, "h", "message m", 3));
    }
}
