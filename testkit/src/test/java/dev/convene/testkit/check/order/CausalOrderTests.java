package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Level.AGREED;
import static dev.convene.testkit.check.order.Level.CAUSAL;
import static dev.convene.testkit.check.order.Level.FIFO;
import static dev.convene.testkit.check.order.Told.A;
import static dev.convene.testkit.check.order.Told.B;
import static dev.convene.testkit.check.order.Told.C;
import static dev.convene.testkit.check.order.Told.acked;
import static dev.convene.testkit.check.order.Told.at;
import static dev.convene.testkit.check.order.Told.got;
import static dev.convene.testkit.check.order.Told.gotSomewhere;
import static dev.convene.testkit.check.order.Told.joined;
import static dev.convene.testkit.check.order.Told.sent;
import static dev.convene.testkit.check.order.Told.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CausalOrderTests {

    private static final String D = "#d#2";

    private final CausalOrder causalOrder = new CausalOrder();

    private final SessionHistory asks = session("a", A, sent("question", CAUSAL, "x/g"));
    private final SessionHistory answers =
            session("b", B, got("question", A, CAUSAL, "x", 1, "x/g"), sent("answer", CAUSAL, "y/g"));

    @Test
    void g29_theAnswerAfterTheQuestion_isAccepted() {
        SessionHistory reads =
                session("c", C, got("question", A, CAUSAL, "x", 1, "x/g"), got("answer", B, CAUSAL, "y", 1, "y/g"));

        assertThat(causalOrder.check(History.of(asks, answers, reads))).isEmpty();
    }

    @Test
    void g29_theAnswerBeforeTheQuestionAcrossDomains_isFound() {
        SessionHistory reads =
                session("c", C, got("answer", B, CAUSAL, "y", 1, "y/g"), got("question", A, CAUSAL, "x", 1, "x/g"));

        Violations found = causalOrder.check(History.of(asks, answers, reads));

        assertThat(found)
                .singleElement()
                .isEqualTo(new OrderViolation.EffectBeforeCause("c", 0, "answer", 1, "question"));
    }

    @Test
    void g29_aChainThroughAMessageThatTheReceiverNeverGets_isFound() {
        SessionHistory relays =
                session("c", C, got("answer", B, CAUSAL, "y", 1, "y/g"), sent("summary", AGREED, "z/g"));
        SessionHistory reads =
                session("d", D, got("summary", C, AGREED, "z", 1, "z/g"), got("question", A, CAUSAL, "x", 1, "x/g"));

        Violations found = causalOrder.check(History.of(asks, answers, relays, reads));

        assertThat(found)
                .singleElement()
                .isEqualTo(new OrderViolation.EffectBeforeCause("d", 0, "summary", 1, "question"));
    }

    @Test
    void g29_whatOneSessionSentBefore_precedesWhatItSentLater() {
        SessionHistory sends = session("a", A, sent("m1", CAUSAL, "x/g"), sent("m2", CAUSAL, "y/g"));
        SessionHistory reads =
                session("c", C, got("m2", A, CAUSAL, "y", 1, "y/g"), got("m1", A, CAUSAL, "x", 1, "x/g"));

        assertThat(causalOrder.check(History.of(sends, reads)).found()).isOne();
    }

    @Test
    void g29_messagesThatKnowNothingOfEachOther_mayComeInAnyOrder() {
        SessionHistory other = session("b", B, sent("other", CAUSAL, "y/g"));
        SessionHistory reads =
                session("c", C, got("other", B, CAUSAL, "y", 1, "y/g"), got("question", A, CAUSAL, "x", 1, "x/g"));

        assertThat(causalOrder.check(History.of(asks, other, reads))).isEmpty();
    }

    @Test
    void g29_messagesBelowCausal_areNotHeldToIt() {
        SessionHistory sends = session("a", A, sent("m1", FIFO, "x/g"), sent("m2", CAUSAL, "y/g"));
        SessionHistory reads = session("c", C, got("m2", A, CAUSAL, "y", 1, "y/g"), got("m1", A, FIFO, "x", 1, "x/g"));

        assertThat(causalOrder.check(History.of(sends, reads))).isEmpty();
    }

    @Test
    void g29_causesThatAreOnlyNamed_areKnownToo() {
        Event.Delivered answer =
                new Event.Delivered("answer", B, List.of("y/g"), CAUSAL, at("y", 1), List.of("question"));
        SessionHistory reads = session("c", C, answer, got("question", A, CAUSAL, "x", 1, "x/g"));

        assertThat(causalOrder.check(History.of(reads)))
                .singleElement()
                .isEqualTo(new OrderViolation.EffectBeforeCause("c", 0, "answer", 1, "question"));
    }

    @Test
    void g29_amongManySenders_theOneInversionIsFound() {
        List<SessionHistory> sessions = new ArrayList<>();
        for (int s = 0; s < 200; s++) {
            sessions.add(session("s" + s, "#s" + s + "#1", sent("m" + s, CAUSAL, "g" + s + "/g")));
        }
        sessions.add(
                session("b", B, got("m150", "#s150#1", CAUSAL, "g150", 1, "g150/g"), sent("answer", CAUSAL, "y/g")));
        sessions.add(session(
                "c",
                C,
                got("answer", B, CAUSAL, "y", 1, "y/g"),
                got("m149", "#s149#1", CAUSAL, "g149", 1, "g149/g"),
                got("m150", "#s150#1", CAUSAL, "g150", 1, "g150/g")));

        assertThat(causalOrder.check(History.of(sessions)))
                .singleElement()
                .isEqualTo(new OrderViolation.EffectBeforeCause("c", 0, "answer", 2, "m150"));
    }

    @Test
    void g29_aMessageDeliveredBeforeItWasSent_isFound() {
        Violations found = causalOrder.check(
                History.of(session("a", A, gotSomewhere("m", A, CAUSAL, "g"), sent("m", CAUSAL, "g"))));

        assertThat(found).singleElement().isEqualTo(new OrderViolation.DeliveredBeforeSent("a", 0, "m", "a", 1));
    }

    @Test
    void g29_twoMessagesThatEachFollowFromTheOther_areFound() {
        Violations found = causalOrder.check(History.of(
                session("a", A, gotSomewhere("m2", B, CAUSAL, "g"), sent("m1", CAUSAL, "g")),
                session("b", B, gotSomewhere("m1", A, CAUSAL, "g"), sent("m2", CAUSAL, "g"))));

        assertThat(found).first().isInstanceOf(OrderViolation.DeliveredBeforeSent.class);
    }

    @Test
    void g32_aMessageSentAfterAViewAndPlacedBeforeIt_isFound() {
        Violations found =
                causalOrder.check(History.of(session("a", A, joined("g", 5, A, A), acked("m", FIFO, 4, "g"))));

        assertThat(found).singleElement().isEqualTo(new OrderViolation.OvertookView("a", 1, "m", at(4), at(5)));
    }

    @Test
    void g33_aMessageSentAfterLeavingAndPlacedBeforeTheLeave_isFound() {
        Violations found = causalOrder.check(History.of(
                session("a", A, joined("g", 1, A, A), new Event.SelfLeave("g", at(5)), acked("m", FIFO, 4, "g"))));

        assertThat(found).singleElement().isEqualTo(new OrderViolation.OvertookView("a", 2, "m", at(4), at(5)));
    }
}
