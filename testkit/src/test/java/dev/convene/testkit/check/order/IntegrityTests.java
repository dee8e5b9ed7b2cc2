package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Level.AGREED;
import static dev.convene.testkit.check.order.Level.FIFO;
import static dev.convene.testkit.check.order.Told.A;
import static dev.convene.testkit.check.order.Told.B;
import static dev.convene.testkit.check.order.Told.C;
import static dev.convene.testkit.check.order.Told.acked;
import static dev.convene.testkit.check.order.Told.gone;
import static dev.convene.testkit.check.order.Told.got;
import static dev.convene.testkit.check.order.Told.joined;
import static dev.convene.testkit.check.order.Told.lost;
import static dev.convene.testkit.check.order.Told.network;
import static dev.convene.testkit.check.order.Told.sent;
import static dev.convene.testkit.check.order.Told.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IntegrityTests {

    private final Integrity integrity = new Integrity();

    private void requireCase(String contractCase, Violations found) {
        assertThat(found)
                .singleElement()
                .satisfies(violation -> assertThat(violation.contractCase()).isEqualTo(contractCase));
    }

    @Test
    void g40_aMessageAsItWasSent_isAccepted() {
        assertThat(integrity.check(History.of(
                        session("a", A, sent("m", AGREED, "g", "h", "g")),
                        session("b", B, got("m", A, AGREED, 1, "g", "h")))))
                .isEmpty();
    }

    @Test
    void g40_targetsInAnotherOrder_areFound() {
        requireCase(
                "G40",
                integrity.check(History.of(
                        session("a", A, sent("m", AGREED, "g", "h")),
                        session("b", B, got("m", A, AGREED, 1, "h", "g")))));
    }

    @Test
    void g40_eachDomainsPartOfTheTargets_isAccepted() {
        assertThat(integrity.check(History.of(
                        session("a", A, sent("m", FIFO, "g", "far/x", "h", B, "far/y")),
                        session(
                                "b",
                                B,
                                got("m", A, FIFO, "default", 1, "g", "h", B),
                                got("m", A, FIFO, "far", 1, "far/x", "far/y")))))
                .isEmpty();
        assertThat(integrity.check(History.of(
                        session("a", A, sent("m", FIFO, "g", B)), session("b", B, got("m", A, FIFO, "default", 1, B)))))
                .isEmpty();
    }

    @Test
    void g40_notAllOfTheDomainsTargets_isFound() {
        requireCase(
                "G40",
                integrity.check(History.of(
                        session("a", A, sent("m", FIFO, "g", "far/x", "far/y")),
                        session("b", B, got("m", A, FIFO, "far", 1, "far/y")))));
    }

    @Test
    void g40_aTargetOfAnotherDomain_isFound() {
        requireCase(
                "G40",
                integrity.check(History.of(
                        session("a", A, sent("m", FIFO, "g", "far/x", "far/y")),
                        session("b", B, got("m", A, FIFO, "far", 1, "g", "far/x", "far/y", "g")))));
    }

    @Test
    void g40_aPartOfTheTargetsWhereTheOrderAllowsOneRecordOnly_isFound() {
        requireCase(
                "G40",
                integrity.check(History.of(
                        session("a", A, sent("m", AGREED, "g", B)),
                        session("b", B, got("m", A, AGREED, "default", 1, B)))));
    }

    @Test
    void g7_anotherSender_isFound() {
        requireCase(
                "G7",
                integrity.check(History.of(
                        session("a", A, sent("m", AGREED, "g")), session("b", B, got("m", C, AGREED, 1, "g")))));
    }

    @Test
    void g7_aMessageThatItsSenderNeverSent_isFound() {
        requireCase(
                "G7",
                integrity.check(History.of(
                        session("a", A, sent("other", AGREED, "g")), session("b", B, got("m", A, AGREED, 1, "g")))));
    }

    @Test
    void g48_anotherLevel_isFound() {
        requireCase(
                "G48",
                integrity.check(History.of(
                        session("a", A, sent("m", AGREED, "g")), session("b", B, got("m", A, FIFO, 1, "g")))));
    }

    @Test
    void g39_aCopyToASenderThatWantedNone_isFound() {
        Event.Sent sent = new Event.Sent("m", AGREED, List.of("g"), true, List.of());

        requireCase("G39", integrity.check(History.of(session("a", A, sent, got("m", A, AGREED, 1, "g")))));
    }

    @Test
    void g43_aPrivateMessageOfAnother_isFound() {
        requireCase("G43", integrity.check(History.of(session("a", A, got("m", C, AGREED, 1, B)))));
    }

    @Test
    void g54_aMessageAfterTheDisconnectViewOfItsSession_isFound() {
        Event second = joined("g", 2, B, A, B);
        Violations found = integrity.check(History.of(
                session("a", A, joined("g", 1, A, A), second, lost("g", 3, B, A), got("m", B, AGREED, 4, "g")),
                gone("b", B, second, acked("m", AGREED, 4, "g"))));

        assertThat(found).singleElement().isEqualTo(new DeliveryViolation.FromTheDead("a", 3, "m", "b", "g", 2));
    }

    @Test
    void g54_aMessageAfterTheNetworkViewThatLostItsSession_isFound() {
        Event second = joined("g", 2, B, A, B);
        Violations found = integrity.check(History.of(
                session(
                        "a",
                        A,
                        joined("g", 1, A, A),
                        second,
                        new Event.Transitional("g"),
                        network("g", 3, List.of(A), A),
                        got("m", B, AGREED, 4, "h")),
                gone("b", B, second, acked("m", AGREED, 4, "h"))));

        assertThat(found).singleElement().isEqualTo(new DeliveryViolation.FromTheDead("a", 4, "m", "b", "g", 3));
    }

    @Test
    void g54_aMessageOfALaterSessionOfTheSameName_isAccepted() {
        Event second = joined("g", 2, B, A, B);

        assertThat(integrity.check(History.of(
                        session("a", A, joined("g", 1, A, A), second, lost("g", 3, B, A), got("m", B, AGREED, 4, "g")),
                        gone("b1", B, second),
                        session("b2", B, acked("m", AGREED, 4, "g")))))
                .isEmpty();
    }
}
