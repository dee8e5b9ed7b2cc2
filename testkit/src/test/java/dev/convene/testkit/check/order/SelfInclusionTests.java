package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Told.A;
import static dev.convene.testkit.check.order.Told.B;
import static dev.convene.testkit.check.order.Told.C;
import static dev.convene.testkit.check.order.Told.at;
import static dev.convene.testkit.check.order.Told.joined;
import static dev.convene.testkit.check.order.Told.network;
import static dev.convene.testkit.check.order.Told.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SelfInclusionTests {

    private final SelfInclusion selfInclusion = new SelfInclusion();

    @Test
    void g23_aViewWithTheReceiver_isAccepted() {
        assertThat(selfInclusion.check(History.of(session("a", A, joined("g", 1, A, A, B)))))
                .isEmpty();
    }

    @Test
    void g23_aViewWithoutTheReceiver_isFound() {
        assertThat(selfInclusion.check(History.of(session("a", A, joined("g", 1, B, B, C)))))
                .singleElement()
                .isEqualTo(new ViewViolation.NotInOwnView("G23", "a", 0, "g", at(1), A));
    }

    @Test
    void g51_aNetworkViewWithWhichTheReceiverDidNotCome_isFound() {
        assertThat(selfInclusion.check(History.of(session("a", A, network("g", 1, List.of(B), A, B)))))
                .singleElement()
                .isEqualTo(new ViewViolation.NotInOwnView("G51", "a", 0, "g", at(1), A));
    }

    @Test
    void g23_aViewThatTellsOnlyACount_saysNothing() {
        Event.View counted =
                new Event.View("g", at(1), Reason.JOIN, new Roster.Counted(300, "digest"), List.of("#z#1"));

        assertThat(selfInclusion.check(History.of(session("a", A, counted)))).isEmpty();
    }
}
