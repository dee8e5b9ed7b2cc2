package dev.convene.testkit.check.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.testkit.check.CpuTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Planted violations, one of each kind, in hand-made histories and in long ones from seeds. */
class LinearizabilityTests {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Linearizability<Optional<Integer>, RegisterModel.Input<Integer>, RegisterModel.Output<Integer>>
            registers = new Linearizability<>(new RegisterModel<>());
    private final Linearizability<Optional<String>, LockModel.Input, LockModel.Output> locks =
            new Linearizability<>(new LockModel());
    private final Linearizability<List<Integer>, QueueModel.Input<Integer>, QueueModel.Output<Integer>> queues =
            new Linearizability<>(new QueueModel<>());

    private static <I, O> Operation<I, O> op(String client, I input, O output, long invokedAt, long returnedAt) {
        return new Operation<>(client, "k", input, new Outcome.Returned<>(output), invokedAt, returnedAt);
    }

    private static <I, O> Operation<I, O> unseen(String client, I input, long invokedAt) {
        return new Operation<>(client, "k", input, new Outcome.Unseen<>(), invokedAt, 0);
    }

    private static Operation<RegisterModel.Input<Integer>, RegisterModel.Output<Integer>> write(
            int value, long invokedAt, long returnedAt) {
        return op(
                "w", new RegisterModel.Input.Write<>(value), new RegisterModel.Output.Done<>(), invokedAt, returnedAt);
    }

    private static Operation<RegisterModel.Input<Integer>, RegisterModel.Output<Integer>> read(
            int value, long invokedAt, long returnedAt) {
        return op(
                "r",
                new RegisterModel.Input.Read<>(),
                new RegisterModel.Output.Value<>(Optional.of(value)),
                invokedAt,
                returnedAt);
    }

    private static Operation<LockModel.Input, LockModel.Output> acquire(
            String owner, LockModel.Output output, long invokedAt, long returnedAt) {
        return op(owner, new LockModel.Input.Acquire(owner), output, invokedAt, returnedAt);
    }

    private static Operation<LockModel.Input, LockModel.Output> release(
            String owner, LockModel.Output output, long invokedAt, long returnedAt) {
        return op(owner, new LockModel.Input.Release(owner), output, invokedAt, returnedAt);
    }

    private static Operation<QueueModel.Input<Integer>, QueueModel.Output<Integer>> put(
            int value, long invokedAt, long returnedAt) {
        return op("p", new QueueModel.Input.Put<>(value), new QueueModel.Output.Done<>(), invokedAt, returnedAt);
    }

    private static Operation<QueueModel.Input<Integer>, QueueModel.Output<Integer>> take(
            int value, long invokedAt, long returnedAt) {
        return op("t", new QueueModel.Input.Take<>(), new QueueModel.Output.Taken<>(value), invokedAt, returnedAt);
    }

    private static void requireOk(Verdict<?, ?> verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Ok.class);
    }

    private static <I, O> Verdict.Violation<I, O> requireViolation(Verdict<I, O> verdict) {
        if (verdict instanceof Verdict.Violation<I, O> violation) {
            return violation;
        }
        throw new AssertionError("expected a violation, not " + verdict);
    }

    @Test
    void t49_aReadDuringAWrite_mayGiveTheOldOrTheNewValue() {
        requireOk(registers.check(List.of(write(1, 0, 1), write(2, 2, 5), read(1, 3, 4))));
        requireOk(registers.check(List.of(write(1, 0, 1), write(2, 2, 5), read(2, 3, 4))));
    }

    @Test
    void t49_aReadOfAnOldValueAfterTheNewOneWasWritten_isFound() {
        var violation = requireViolation(registers.check(List.of(write(1, 0, 1), write(2, 2, 3), read(1, 4, 5))));

        assertThat(violation.culprit()).isEqualTo(read(1, 4, 5));
        assertThat(violation.witness()).containsExactly(write(1, 0, 1), write(2, 2, 3));
        assertThat(violation.state()).isEqualTo("Optional[2]");
    }

    @Test
    void t49_aReadOfTheNewValueAndThenOfTheOld_isFound() {
        requireViolation(registers.check(List.of(write(1, 0, 1), write(2, 2, 9), read(2, 3, 4), read(1, 5, 6))));
    }

    @Test
    void t49_anUpdateThatIsLost_isFound() {
        var swap = new RegisterModel.Input.CompareAndSet<>(Optional.of(1), 2);

        requireViolation(registers.check(List.of(
                write(1, 0, 1),
                op("a", swap, new RegisterModel.Output.Done<>(), 2, 5),
                op("b", swap, new RegisterModel.Output.Done<>(), 3, 6))));
    }

    @Test
    void t49_aWriteThatNobodySawReturn_mayTakeEffectLaterOrNever() {
        var lost = LinearizabilityTests.<RegisterModel.Input<Integer>, RegisterModel.Output<Integer>>unseen(
                "w", new RegisterModel.Input.Write<>(2), 2);

        requireOk(registers.check(List.of(write(1, 0, 1), lost, read(1, 10, 11), read(1, 12, 13))));
        requireOk(registers.check(List.of(write(1, 0, 1), lost, read(1, 10, 11), read(2, 12, 13))));
    }

    @Test
    void t49_aWriteThatNobodySawReturn_takesEffectAtMostOnce() {
        var lost = LinearizabilityTests.<RegisterModel.Input<Integer>, RegisterModel.Output<Integer>>unseen(
                "w", new RegisterModel.Input.Write<>(2), 2);

        requireViolation(registers.check(
                List.of(write(1, 0, 1), lost, read(2, 3, 4), write(3, 5, 6), read(3, 7, 8), read(2, 9, 10))));
    }

    @Test
    void t49_anOperationThatDidNotHappen_hasNoEffect() {
        Operation<RegisterModel.Input<Integer>, RegisterModel.Output<Integer>> refused =
                new Operation<>("w", "k", new RegisterModel.Input.Write<>(2), new Outcome.DidNotHappen<>(), 2, 3);

        requireOk(registers.check(List.of(write(1, 0, 1), refused, read(1, 4, 5))));
        requireViolation(registers.check(List.of(write(1, 0, 1), refused, read(2, 4, 5))));
    }

    @Test
    void w31_twoOwnersOfOneLock_areFound() {
        requireViolation(locks.check(
                List.of(acquire("a", LockModel.Output.ACQUIRED, 0, 1), acquire("b", LockModel.Output.ACQUIRED, 2, 3))));
    }

    @Test
    void w31_aLockHandedOver_isAccepted() {
        requireOk(locks.check(List.of(
                acquire("a", LockModel.Output.ACQUIRED, 0, 1),
                acquire("b", LockModel.Output.ACQUIRED, 2, 9),
                acquire("c", LockModel.Output.BUSY, 3, 4),
                release("a", LockModel.Output.RELEASED, 5, 6))));
    }

    @Test
    void w31_aFreeLockThatIsCalledBusy_isFound() {
        requireViolation(locks.check(List.of(acquire("a", LockModel.Output.BUSY, 0, 1))));
    }

    @Test
    void w31_aWaitWhoseTimeWasUp_hasNotGotTheLock() {
        requireOk(locks.check(List.of(
                acquire("a", LockModel.Output.TIMED_OUT, 0, 1), acquire("b", LockModel.Output.ACQUIRED, 2, 3))));
    }

    @Test
    void w31_anAcquireThatNobodySawReturn_mayHoldTheLockOrNot() {
        Operation<LockModel.Input, LockModel.Output> lost = unseen("a", new LockModel.Input.Acquire("a"), 0);

        requireOk(locks.check(List.of(lost, acquire("b", LockModel.Output.ACQUIRED, 1, 2))));
        requireOk(locks.check(List.of(lost, acquire("b", LockModel.Output.BUSY, 1, 2))));
        requireViolation(locks.check(List.of(
                lost, acquire("b", LockModel.Output.BUSY, 1, 2), acquire("c", LockModel.Output.ACQUIRED, 3, 4))));
    }

    @Test
    void w54_whatALostSessionHeld_isReleasedSomeTimeAfterTheLoss() {
        Operation<LockModel.Input, LockModel.Output> expiry = unseen("service", new LockModel.Input.Release("a"), 5);

        requireOk(locks.check(List.of(
                acquire("a", LockModel.Output.ACQUIRED, 0, 1), expiry, acquire("b", LockModel.Output.ACQUIRED, 6, 7))));
        requireViolation(locks.check(List.of(
                acquire("a", LockModel.Output.ACQUIRED, 0, 1), expiry, acquire("b", LockModel.Output.ACQUIRED, 3, 4))));
    }

    @Test
    void w32_aReleaseByAnotherThatSucceeds_isFound() {
        requireViolation(locks.check(
                List.of(acquire("a", LockModel.Output.ACQUIRED, 0, 1), release("b", LockModel.Output.RELEASED, 2, 3))));
    }

    @Test
    void w32_aReleaseByTheOwnerThatIsRefused_isFound() {
        requireViolation(locks.check(
                List.of(acquire("a", LockModel.Output.ACQUIRED, 0, 1), release("a", LockModel.Output.REFUSED, 2, 3))));
    }

    @Test
    void w26_twoValuesTakenInTheOtherOrder_areFound() {
        requireViolation(queues.check(List.of(put(1, 0, 1), put(2, 2, 3), take(2, 4, 5), take(1, 6, 7))));
    }

    @Test
    void w26_aValueTakenTwice_isFound() {
        requireViolation(queues.check(List.of(put(1, 0, 1), take(1, 2, 3), take(1, 4, 5))));
    }

    @Test
    void w26_aValueThatWasNeverPut_isFound() {
        requireViolation(queues.check(List.of(put(1, 0, 1), take(7, 2, 3))));
    }

    @Test
    void w25_aQueueCalledEmptyAfterAPut_isFound() {
        requireViolation(queues.check(
                List.of(put(1, 0, 1), op("t", new QueueModel.Input.Take<>(), new QueueModel.Output.Empty<>(), 2, 3))));
    }

    @Test
    void w24_aQueueCalledFullBeforeItIs_isFound() {
        var bounded = new Linearizability<>(new QueueModel<Integer>(2));
        var full = LinearizabilityTests.<QueueModel.Input<Integer>, QueueModel.Output<Integer>>op(
                "p", new QueueModel.Input.Put<>(9), new QueueModel.Output.Full<>(), 4, 5);

        requireOk(bounded.check(List.of(put(1, 0, 1), put(2, 2, 3), full)));
        requireViolation(bounded.check(List.of(put(1, 0, 1), full)));
    }

    @Test
    void t49_longHistoriesFromSeeds_areAccepted() throws Throwable {
        CpuTime.requireWithin(LIMIT, () -> {
            for (long seed = 0; seed < 5; seed++) {
                requireOk(registers.check(
                        SimulatedObject.register(0.0005, seed).run("k", 8, 20_000, SimulatedObject::anyRegisterInput)));
                requireOk(locks.check(
                        SimulatedObject.lock(0.0005, seed).run("k", 8, 20_000, SimulatedObject::anyLockInput)));
                requireOk(queues.check(
                        SimulatedObject.queue(0.0005, seed).run("k", 4, 5_000, SimulatedObject.anyQueueInput())));
            }
        });
    }

    @Test
    void t49_oneWrongReadInALongHistory_isFoundAndExplainedByIt() throws Throwable {
        List<Operation<RegisterModel.Input<Integer>, RegisterModel.Output<Integer>>> operations =
                new ArrayList<>(SimulatedObject.register(0, 1).run("k", 6, 10_000, SimulatedObject::anyRegisterInput));
        int planted = 7_000;
        while (!(operations.get(planted).input() instanceof RegisterModel.Input.Read)) {
            planted++;
        }
        var honest = operations.get(planted);
        var lie = new Operation<>(
                honest.client(),
                "k",
                honest.input(),
                new Outcome.Returned<RegisterModel.Output<Integer>>(new RegisterModel.Output.Value<>(Optional.of(99))),
                honest.invokedAt(),
                honest.returnedAt());
        operations.set(planted, lie);

        CpuTime.requireWithin(LIMIT, () -> {
            var violation = requireViolation(registers.check(operations));

            assertThat(violation.culprit()).isEqualTo(lie);
            assertThat(violation.explanation())
                    .contains("It becomes impossible by\n  " + lie)
                    .hasSizeLessThan(10_000);
        });
    }

    @Test
    void w26_twoTakesThatGotEachOthersValuesInALongHistory_areFound() throws Throwable {
        List<Operation<QueueModel.Input<Integer>, QueueModel.Output<Integer>>> operations =
                new ArrayList<>(SimulatedObject.queue(0.001, 3).run("k", 4, 2_000, SimulatedObject.anyQueueInput()));
        List<Integer> takes = new ArrayList<>();
        for (int k = 0; k < operations.size(); k++) {
            if (operations.get(k).outcome() instanceof Outcome.Returned<QueueModel.Output<Integer>> returned
                    && returned.output() instanceof QueueModel.Output.Taken) {
                takes.add(k);
            }
        }
        var one = operations.get(takes.get(300));
        var other = operations.get(takes.get(310));
        operations.set(takes.get(300), one.withOutcome(other.outcome()));
        operations.set(takes.get(310), other.withOutcome(one.outcome()));

        CpuTime.requireWithin(LIMIT, () -> requireViolation(queues.check(operations)));
    }

    @Test
    void t49_objectsAreIndependent() {
        List<Operation<RegisterModel.Input<Integer>, RegisterModel.Output<Integer>>> operations = new ArrayList<>();
        operations.add(write(1, 0, 1));
        operations.add(new Operation<>(
                "r",
                "other",
                new RegisterModel.Input.Read<>(),
                new Outcome.Returned<>(new RegisterModel.Output.Value<>(Optional.of(1))),
                2,
                3));

        assertThat(requireViolation(registers.check(operations)).key()).isEqualTo("other");
    }

    @Test
    void t49_aSearchThatReachesALimit_saysSo() {
        var operations = SimulatedObject.queue(0.05, 1).run("k", 6, 200, SimulatedObject.anyQueueInput());
        var model = new QueueModel<Integer>();

        assertThat(new Linearizability<>(model, new Limits(50, 1_000_000, Duration.ofMinutes(1))).check(operations))
                .isEqualTo(new Verdict.Unknown<>("k", Verdict.Limit.STEPS));
        assertThat(new Linearizability<>(model, new Limits(1_000_000, 10, Duration.ofMinutes(1))).check(operations))
                .isEqualTo(new Verdict.Unknown<>("k", Verdict.Limit.CONFIGURATIONS));
        assertThat(new Linearizability<>(model, new Limits(1_000_000, 1_000_000, Duration.ZERO)).check(operations))
                .isEqualTo(new Verdict.Unknown<>("k", Verdict.Limit.TIME));
    }

    @Test
    void t49_aTestEndsWithTheExplanation() {
        assertThatThrownBy(() -> registers.requireOk(List.of(write(1, 0, 1), read(2, 2, 3))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no order explains the first 2 operations on k");
        registers.requireOk(List.of(write(1, 0, 1), read(1, 2, 3)));
    }
}
