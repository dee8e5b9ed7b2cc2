package dev.convene.testkit.machine;

import static dev.convene.testkit.machine.MachineBench.keyed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.MachineLimits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Idempotency keys: the same request again, through whatever gateway, has no second effect. */
class KeyTests {
    private final MachineBench bench = new MachineBench();

    @BeforeEach
    void attach() {
        bench.attach(10, 1);
        bench.attach(20, 2);
    }

    @Test
    void theSameKeyThroughTwoGatewaysHasOneEffectAndOneAnswer() {
        bench.send(keyed(1, 10, 1, "k"), "add x");
        var first = bench.last.answers.getFirst();
        bench.send(keyed(2, 20, 1, "k"), "add x");
        var second = bench.last.answers.getFirst();
        assertThat(second.at()).isEqualTo(first.at());
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.duplicate()).isTrue();
        assertThat(bench.shard.seen).containsOnlyOnce("add x");
    }

    @Test
    void aRefusalForTheTimeBeingIsNotKeptUnderTheKey() {
        bench.send(keyed(1, 10, 1, ""), "fill");
        bench.send(keyed(1, 10, 2, "k"), "put x");
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.QUEUE_FULL);
        bench.send(keyed(2, 20, 1, "k"), "put x");
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.QUEUE_FULL);
        assertThat(bench.last.answers.getFirst().duplicate()).isFalse();
        bench.send(keyed(1, 10, 3, ""), "drain");
        bench.send(keyed(2, 20, 2, "k"), "put x");
        assertThat(bench.last.answers.getFirst().isOk()).isTrue();
        assertThat(bench.last.answers.getFirst().duplicate()).isFalse();
        bench.send(keyed(1, 10, 4, "k"), "put x");
        assertThat(bench.last.answers.getFirst().duplicate()).isTrue();
        assertThat(bench.shard.seen).containsOnlyOnce("put x");
    }

    @Test
    void anotherRequestUnderAUsedKeyIsRefused() {
        bench.send(keyed(1, 10, 1, "k"), "add x");
        bench.send(keyed(2, 20, 1, "k"), "add y");
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.KEY_REUSED);
        bench.send(keyed(1, 10, 2, "k"), "add x");
        assertThat(bench.last.answers.getFirst().duplicate()).isTrue();
    }

    @Test
    void theSameKeyWhileTheFirstWaitsIsAnsweredWithIt() {
        bench.send(keyed(1, 10, 1, "k"), "wait w");
        bench.send(keyed(2, 20, 1, "k"), "wait w");
        bench.send(keyed(2, 2, 1, "k"), "wait w");
        assertThat(bench.last.answers).isEmpty();
        bench.send(keyed(1, 10, 2, ""), "wake w");
        assertThat(bench.last.answers).hasSize(4);
        assertThat(bench.last.answers.get(1).duplicate()).isTrue();
        assertThat(bench.last.answers.get(1).at())
                .isEqualTo(bench.last.answers.get(0).at());
    }

    @Test
    void whoWaitsUnderTheKeyOfAnEndedSessionIsToldThatThereWillBeNoAnswer() {
        bench.send(keyed(1, 10, 1, "k"), "wait w");
        bench.send(keyed(2, 20, 1, "k"), "wait w");
        bench.tell(new SessionEvent.SessionEnded(10, true));
        assertThat(bench.last.answers).hasSize(1);
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.CANCELLED);
        bench.send(keyed(2, 20, 2, "k"), "add again");
        assertThat(bench.last.answers.getFirst().isOk()).isTrue();
    }

    @Test
    void aSessionThatWaitsTwiceUnderOneKeyCanEnd() {
        bench.send(keyed(1, 10, 1, "k"), "wait w");
        bench.send(keyed(1, 10, 2, "k"), "wait w");
        bench.send(keyed(1, 10, 3, "k"), "wait w");
        bench.tell(new SessionEvent.SessionEnded(10, true));
        assertThat(bench.shard.seen).contains("ended EXPIRED [10]");
    }

    @Test
    void aGatewayLifeThatWaitsTwiceUnderOneKeyCanBeLost() {
        bench.send(keyed(1, 1, 1, "k"), "wait w");
        bench.send(keyed(1, 1, 2, "k"), "wait w");
        bench.send(keyed(2, 20, 1, "k"), "wait w");
        bench.tell(new SessionEvent.GatewayLost(1));
        assertThat(bench.last.answers)
                .anySatisfy(answer -> assertThat(answer.error()).isEqualTo(ErrorCode.CANCELLED));
    }

    @Test
    void aKeyIsForgottenAfterTenMinutesOfServedTimeUnlessItsRequestStillWaits() {
        bench.append(new LogEntry.Term(1, "i"));
        bench.send(keyed(1, 10, 1, "done"), "add x");
        bench.send(keyed(1, 10, 2, "waits"), "wait w");
        assertThat(bench.machine.view().nextServedMs()).isEqualTo(MachineLimits.KEPT_MS);
        long now = 0;
        while (now < MachineLimits.KEPT_MS) {
            now += MachineLimits.TICK_ADDS_MAX_MS;
            bench.tick(1, now, now);
        }
        bench.send(keyed(2, 20, 1, "done"), "add x");
        assertThat(bench.last.answers.getFirst().duplicate()).isFalse();
        bench.send(keyed(2, 20, 2, "waits"), "wait w");
        bench.send(keyed(2, 20, 3, ""), "wake w");
        assertThat(bench.last.answers).hasSize(3);
    }

    @Test
    void aKeyThatIsTooLongIsRefused() {
        bench.send(keyed(1, 10, 1, "k".repeat(MachineLimits.KEY_LENGTH_MAX)), "add x");
        assertThat(bench.last.answers.getFirst().isOk()).isTrue();
        bench.send(keyed(1, 10, 2, "k".repeat(MachineLimits.KEY_LENGTH_MAX + 1)), "add y");
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.BAD_FIELD);
        assertThat(bench.shard.seen).doesNotContain("add y");
    }

    @Test
    void aRefusalIsKeptUnderItsKeyLikeAnyAnswer() {
        bench.send(keyed(1, 10, 1, "k"), "fail");
        bench.send(keyed(2, 20, 1, "k"), "fail");
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(bench.last.answers.getFirst().duplicate()).isTrue();
        assertThat(bench.machine.view().failures().failedCount()).isEqualTo(1);
    }
}
