package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Level.AGREED;
import static dev.convene.testkit.check.order.Level.RELIABLE;
import static dev.convene.testkit.check.order.Level.UNRELIABLE;
import static dev.convene.testkit.check.order.Told.A;
import static dev.convene.testkit.check.order.Told.B;
import static dev.convene.testkit.check.order.Told.C;
import static dev.convene.testkit.check.order.Told.acked;
import static dev.convene.testkit.check.order.Told.at;
import static dev.convene.testkit.check.order.Told.cut;
import static dev.convene.testkit.check.order.Told.got;
import static dev.convene.testkit.check.order.Told.joined;
import static dev.convene.testkit.check.order.Told.left;
import static dev.convene.testkit.check.order.Told.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NothingLostTests {

    private final NothingLost nothingLost = new NothingLost();
    private final Event memberB = joined("g", 2, B, A, B);
    private final SessionHistory sender = session("c", C, acked("m", AGREED, 5, "g"));

    @Test
    void g52_anAcknowledgedMessageThatEveryMemberGot_isAccepted() {
        assertThat(nothingLost.check(History.of(sender, session("b", B, memberB, got("m", C, AGREED, 5, "g")))))
                .isEmpty();
    }

    @Test
    void g52_anAcknowledgedMessageThatAMemberNeverGot_isFound() {
        Violations found = nothingLost.check(History.of(sender, session("b", B, memberB)));

        assertThat(found).singleElement().isInstanceOfSatisfying(DeliveryViolation.MessageLost.class, violation -> {
            assertThat(violation.contractCase()).isEqualTo("G52");
            assertThat(violation.receiver()).isEqualTo("b");
            assertThat(violation.index()).isOne();
            assertThat(violation.messageId()).isEqualTo("m");
            assertThat(violation.position()).isEqualTo(at(5));
        });
    }

    @Test
    void g52_aGapBeforeSomethingThatCame_isFoundInARecordThatStops() {
        Violations found = nothingLost.check(History.of(sender, cut("b", B, memberB, got("n", C, AGREED, 6, "g"))));

        assertThat(found)
                .singleElement()
                .satisfies(violation -> assertThat(violation.index()).isOne());
    }

    @Test
    void g52_aRecordThatStopsBeforeTheMessage_isAccepted() {
        assertThat(nothingLost.check(History.of(sender, cut("b", B, memberB)))).isEmpty();
    }

    @Test
    void g59_aMessageMissedBetweenDisconnectAndResume_isFound() {
        Violations found = nothingLost.check(
                History.of(sender, session("b", B, memberB, new Event.Disconnected(), new Event.Resumed(true))));

        assertThat(found)
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo("G59"));
    }

    @Test
    void g60_aMessageInTheGapOfAResumeWithoutRecovery_isNotDemanded() {
        assertThat(nothingLost.check(History.of(
                        sender,
                        session(
                                "b",
                                B,
                                memberB,
                                new Event.Disconnected(),
                                new Event.Resumed(false),
                                memberB,
                                got("n", C, AGREED, 9, "g")))))
                .isEmpty();
    }

    @Test
    void g60_aMessageAfterTheGap_isDemandedAgain() {
        Violations found = nothingLost.check(History.of(
                session("c", C, acked("m", AGREED, 15, "g")),
                session(
                        "b",
                        B,
                        memberB,
                        new Event.Disconnected(),
                        new Event.Resumed(false),
                        memberB,
                        got("n", C, AGREED, 9, "g"))));

        assertThat(found).singleElement().isInstanceOf(DeliveryViolation.MessageLost.class);
    }

    @Test
    void g65_aMessageThatOnlyOneOfTwoMembersGot_isFoundWithoutAnAcknowledgement() {
        Violations found = nothingLost.check(History.of(
                session("a", A, joined("g", 1, A, A), memberB, got("m", C, AGREED, 5, "g")), session("b", B, memberB)));

        assertThat(found).singleElement().satisfies(violation -> {
            assertThat(violation.contractCase()).isEqualTo("G65");
            assertThat(violation.explanation()).contains("a got it");
        });
    }

    @Test
    void g10_aMessageFromBeforeTheJoin_isNotDemanded() {
        assertThat(nothingLost.check(History.of(session("c", C, acked("m", AGREED, 1, "g")), session("b", B, memberB))))
                .isEmpty();
    }

    @Test
    void g14_aMessageFromAfterTheLeave_isNotDemanded() {
        assertThat(nothingLost.check(History.of(
                        sender,
                        session("a", A, joined("g", 1, A, A), memberB, left("g", 4, B, A), got("m", C, AGREED, 5, "g")),
                        session("b", B, memberB, new Event.SelfLeave("g")))))
                .isEmpty();
    }

    @Test
    void g14_aMessageFromBeforeTheLeave_isDemanded() {
        Violations found = nothingLost.check(History.of(
                session("c", C, acked("m", AGREED, 3, "g")),
                session("a", A, joined("g", 1, A, A), memberB, got("m", C, AGREED, 3, "g"), left("g", 4, B, A)),
                session("b", B, memberB, new Event.SelfLeave("g"))));

        assertThat(found)
                .singleElement()
                .satisfies(violation -> assertThat(violation.receiver()).isEqualTo("b"));
    }

    @Test
    void g39_theCopyThatASenderDidNotWant_isNotDemanded() {
        Event.Sent sent = new Event.Sent("m", AGREED, List.of("g"), true, List.of(at(5)));

        assertThat(nothingLost.check(History.of(session("b", B, memberB, sent))))
                .isEmpty();
    }

    @Test
    void g28_anUnreliableMessage_mayBeLost() {
        assertThat(nothingLost.check(
                        History.of(session("c", C, acked("m", UNRELIABLE, 5, "g")), session("b", B, memberB))))
                .isEmpty();
    }

    @Test
    void g28_aReliableMessage_mayNot() {
        assertThat(nothingLost
                        .check(History.of(session("c", C, acked("m", RELIABLE, 5, "g")), session("b", B, memberB)))
                        .found())
                .isOne();
    }

    @Test
    void g43_aPrivateMessageThatWasAcknowledgedAndNeverCame_isFound() {
        Violations found =
                nothingLost.check(History.of(session("c", C, acked("m", AGREED, 5, B)), session("b", B, memberB)));

        assertThat(found).singleElement().isInstanceOf(DeliveryViolation.MessageLost.class);
    }

    @Test
    void g19_aSessionWithoutMembershipMessages_getsWhatItIsDueByTheViewsOfOthers() {
        SessionHistory declines = new SessionHistory("b", B, true, Ending.DRAINED, List.of());

        Violations found = nothingLost.check(History.of(
                sender, session("a", A, joined("g", 1, A, A), memberB, got("m", C, AGREED, 5, "g")), declines));

        assertThat(found)
                .singleElement()
                .satisfies(violation -> assertThat(violation.receiver()).isEqualTo("b"));
    }
}
