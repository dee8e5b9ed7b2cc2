package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.Contract;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A gateway that lags behind another one answers late or not at all, and never with what was true before. */
class StaleViewTests {
    private static final String GROUP = "room";

    private final World world = new World();
    private final LogGateway fast = world.gateway("g1");
    private final LogGateway slow = world.gateway("g2");
    private final World.Client ann = world.new Client(fast, "ann");
    private final World.Client reader = world.new Client(slow, "reader");

    StaleViewTests() {
        ann.join(GROUP);
        world.pass(50);
    }

    private void lag(boolean lags) {
        for (int partition = 0; partition < World.PARTITIONS; partition++) {
            world.gateways.get(slow).pause(partition, lags);
        }
    }

    private static GroupOperation.Members members(Position view, At at, boolean strong) {
        return new GroupOperation.Members(GROUP, view, null, 10, at, strong);
    }

    private Answer.MemberPage page(CompletableFuture<Answer> asked) {
        return (Answer.MemberPage) world.get(asked);
    }

    @Contract("G55")
    @Test
    void aPositionThatWasAnsweredElsewhereIsWaitedFor() {
        lag(true);
        At joined = world.new Client(fast, "bob").join(GROUP).at();
        CompletableFuture<Answer> asked = slow.call(reader.session, members(null, joined, false));
        world.pass(500);
        assertThat(asked).isNotDone();

        lag(false);
        Answer.MemberPage page = page(asked);
        assertThat(page.size()).isEqualTo(2);
        assertThat(page.at().position()).isGreaterThanOrEqualTo(joined.position());
    }

    @Contract("G55")
    @Test
    void whoCannotGetThereInTimeIsRefusedAndNotToldWhatWasTrueBefore() {
        lag(true);
        At joined = world.new Client(fast, "bob").join(GROUP).at();
        CompletableFuture<Answer> waiting = slow.call(reader.session, members(null, joined, false));
        CompletableFuture<Answer> strong = slow.call(reader.session, members(null, null, true));
        CompletableFuture<Answer> listed =
                slow.call(reader.session, new GroupOperation.Groups(GROUP, null, null, 10, List.of(joined)));

        for (CompletableFuture<Answer> asked : List.of(waiting, strong, listed)) {
            assertThat(world.refusal(asked).isTemporary()).isTrue();
        }
    }

    /** By a read in the order, a lagging gateway cannot tell less than what another one has already told. */
    @Contract("G55")
    @Test
    void aReadInTheOrderIsNeverBehindWhatAnybodyWasToldBefore() {
        for (int size = 2; size <= 5; size++) {
            lag(true);
            At joined = world.new Client(fast, "m" + size).join(GROUP).at();
            CompletableFuture<Answer> asked = slow.call(reader.session, members(null, null, true));
            world.pass(50);
            assertThat(asked).isNotDone();
            lag(false);
            Answer.MemberPage page = page(asked);
            assertThat(page.size()).isEqualTo(size);
            assertThat(page.at().position()).isGreaterThan(joined.position());
        }
    }

    @Contract("G55")
    @Test
    void aSessionThatMovesToALaggingGatewayIsShownNothingOlderThanItHasSeen() {
        lag(true);
        world.new Client(fast, "bob").join(GROUP);
        ann.drain();
        Push.View shown = (Push.View) ann.got.getLast();
        assertThat(shown.size()).isEqualTo(2);
        ann.got.clear();
        ann.lose();
        world.scheduler.after(300, () -> lag(false));
        assertThat(ann.resume(slow)).isTrue();
        Answer.MemberPage page = (Answer.MemberPage) ann.call(members(null, null, false));
        assertThat(page.size()).isEqualTo(2);
        assertThat(page.at().position()).isGreaterThanOrEqualTo(shown.at().position());

        world.new Client(fast, "carl").join(GROUP);
        world.pass(50);
        assertThat(ann.texts()).containsExactly("join " + GROUP + " 3");
    }

    @Contract("G55")
    @Test
    void aViewThatWasSupersededIsRefusedByName() {
        ann.drain();
        Position first = ((Push.View) ann.got.getLast()).view();
        assertThat(page(slow.call(reader.session, members(first, null, false))).view())
                .isEqualTo(first);
        At joined = world.new Client(fast, "bob").join(GROUP).at();

        assertThat(world.refusal(slow.call(reader.session, members(first, joined, false))))
                .isEqualTo(ErrorCode.VIEW_SUPERSEDED);
        assertThat(world.refusal(slow.call(reader.session, members(first, null, true))))
                .isEqualTo(ErrorCode.VIEW_SUPERSEDED);
        assertThat(world.refusal(fast.call(ann.session, members(first, null, false))))
                .isEqualTo(ErrorCode.VIEW_SUPERSEDED);
        // The session lives on.
        ann.drain();
        ann.got.clear();
        ann.send(ServiceLevel.AGREED, "still here", GROUP);
        assertThat(ann.texts()).containsExactly("still here");
    }
}
