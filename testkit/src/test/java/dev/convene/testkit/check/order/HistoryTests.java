package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Level.AGREED;
import static dev.convene.testkit.check.order.Told.A;
import static dev.convene.testkit.check.order.Told.B;
import static dev.convene.testkit.check.order.Told.at;
import static dev.convene.testkit.check.order.Told.got;
import static dev.convene.testkit.check.order.Told.sent;
import static dev.convene.testkit.check.order.Told.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTests {

    @Test
    void anAcknowledgementCompletesTheSend() {
        SessionHistory history = new SessionRecorder("a", A)
                .add(sent("m", AGREED, "g"))
                .acknowledged("m", List.of(at(3)))
                .ends(Ending.DRAINED)
                .toHistory();

        assertThat(history.events()).containsExactly(new Event.Sent("m", AGREED, List.of("g"), false, List.of(at(3))));
        assertThat(history.ending()).isEqualTo(Ending.DRAINED);
    }

    @Test
    void anAcknowledgementOfWhatWasNeverSent_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SessionRecorder("a", A).acknowledged("m", List.of(at(3))));
    }

    @Test
    void twoSendsOfOneMessage_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        History.of(session("a", A, sent("m", AGREED, "g")), session("b", B, sent("m", AGREED, "g"))))
                .withMessageContaining("m was sent twice");
    }

    @Test
    void twoSessionsOfOneId_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> History.of(session("a", A), session("a", B)));
    }

    @Test
    void violationsAreCountedBeyondThoseThatAreKept() {
        List<Event> twice = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            twice.add(got("m", B, AGREED, 1, "g"));
        }

        Violations found = new AtMostOnce().check(History.of(new SessionHistory("a", A, Ending.CUT, twice)));

        assertThat(found.found()).isEqualTo(999);
        assertThat(found.kept()).hasSize(Violations.KEPT_MAX);
        assertThatThrownBy(found::requireNone)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("999 violations")
                .hasMessageContaining("G53: a got message m twice: as event 0 and as event 1");
    }

    @Test
    void positionsAreOrderedWithinADomainOnly() {
        assertThat(at(2).isAfter(at(1))).isTrue();
        assertThat(new Position("default", 1, 0, 0).isAfter(at(99))).isTrue();
        assertThat(new Position("default", 0, 5, 1).isAfter(at(5))).isTrue();
        assertThat(at("x", 2).isAfter(at("y", 1))).isFalse();
        assertThat(at("x", 2).isBefore(at("y", 3))).isFalse();
    }
}
