package dev.convene.testkit.check.linear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The search against the definition, on small histories of every kind: right ones, wrong ones, senseless ones. */
class SearchTests {

    private static final int HISTORIES = 20_000;

    @Test
    void t49_theSearchAgreesWithTheDefinitionOnRegisters() {
        RegisterModel<Integer> model = new RegisterModel<>();
        int linearizable = 0;
        for (long seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            List<Operation<RegisterModel.Input<Integer>, RegisterModel.Output<Integer>>> operations = new ArrayList<>();
            for (int k = 2 + random.nextInt(5); k > 0; k--) {
                RegisterModel.Input<Integer> input = smallRegisterInput(random);
                operations.add(at(random, input, registerOutput(random, input)));
            }
            linearizable += requireAgreement(model, operations, seed);
        }
        assertThat(linearizable).isBetween(HISTORIES / 10, HISTORIES * 9 / 10);
    }

    @Test
    void t49_theSearchAgreesWithTheDefinitionOnLocks() {
        LockModel model = new LockModel();
        int linearizable = 0;
        for (long seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            List<Operation<LockModel.Input, LockModel.Output>> operations = new ArrayList<>();
            for (int k = 2 + random.nextInt(5); k > 0; k--) {
                LockModel.Input input = SimulatedObject.anyLockInput(random, "o" + random.nextInt(2));
                operations.add(at(random, input, lockOutput(random, input)));
            }
            linearizable += requireAgreement(model, operations, seed);
        }
        assertThat(linearizable).isBetween(HISTORIES / 10, HISTORIES * 9 / 10);
    }

    @Test
    void t49_theSearchAgreesWithTheDefinitionOnQueues() {
        QueueModel<Integer> model = new QueueModel<>(2);
        int linearizable = 0;
        for (long seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            List<Operation<QueueModel.Input<Integer>, QueueModel.Output<Integer>>> operations = new ArrayList<>();
            for (int k = 2 + random.nextInt(5); k > 0; k--) {
                boolean put = random.nextInt(5) < 3;
                QueueModel.Input<Integer> input =
                        put ? new QueueModel.Input.Put<>(random.nextInt(2)) : new QueueModel.Input.Take<>();
                operations.add(at(random, input, queueOutput(random, put, random.nextInt(2))));
            }
            linearizable += requireAgreement(model, operations, seed);
        }
        assertThat(linearizable).isBetween(HISTORIES / 10, HISTORIES * 9 / 10);
    }

    /** What a queue foresees of values that are put once changes nothing. */
    @Test
    void t49_theSearchAgreesWithTheDefinitionOnQueuesOfUniqueValues() {
        int linearizable = 0;
        for (long seed = 0; seed < 3 * HISTORIES; seed++) {
            Random random = new Random(seed);
            QueueModel<Integer> model = random.nextBoolean() ? new QueueModel<>() : new QueueModel<>(2);
            List<Operation<QueueModel.Input<Integer>, QueueModel.Output<Integer>>> operations = new ArrayList<>();
            int puts = 0;
            int takes = 0;
            for (int k = 2 + random.nextInt(6); k > 0; k--) {
                boolean put = random.nextBoolean();
                QueueModel.Input<Integer> input =
                        put ? new QueueModel.Input.Put<>(puts++) : new QueueModel.Input.Take<>();
                int value = random.nextInt(8) == 0 ? random.nextInt(4) : takes;
                takes += put ? 0 : 1;
                operations.add(at(random, input, queueOutput(random, put, value)));
            }
            linearizable += requireAgreement(model, operations, seed);
        }
        assertThat(linearizable).isBetween(HISTORIES / 10, 3 * HISTORIES * 9 / 10);
    }

    /** An object that is free in what it does: a bag gives out any of its values. */
    @Test
    void t49_theSearchAgreesWithTheDefinitionOnObjectsThatAreFreeToChoose() {
        BagModel model = new BagModel();
        int linearizable = 0;
        for (long seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            List<Operation<Integer, Integer>> operations = new ArrayList<>();
            for (int k = 2 + random.nextInt(5); k > 0; k--) {
                int input = random.nextInt(4);
                operations.add(at(random, input, random.nextInt(3)));
            }
            linearizable += requireAgreement(model, operations, seed);
        }
        assertThat(linearizable).isBetween(HISTORIES / 20, HISTORIES * 19 / 20);
    }

    private static <S, I, O> int requireAgreement(Model<S, I, O> model, List<Operation<I, O>> operations, long seed) {
        boolean expected = ExhaustiveSearch.isLinearizable(model, operations);
        Verdict<I, O> verdict = new Linearizability<>(model).check(operations);
        assertThat(verdict instanceof Verdict.Ok)
                .as("seed %d: %s", seed, operations)
                .isEqualTo(expected);
        if (verdict instanceof Verdict.Violation<I, O> violation) {
            requireShortest(model, violation, seed);
        }
        return expected ? 1 : 0;
    }

    /** The prefix has no order, and without its last return it has one. */
    private static <S, I, O> void requireShortest(Model<S, I, O> model, Verdict.Violation<I, O> violation, long seed) {
        List<Operation<I, O>> before = violation.prefix().stream()
                .map(operation -> operation.equals(violation.culprit()) ? operation.unseen() : operation)
                .toList();

        assertThat(ExhaustiveSearch.isLinearizable(model, violation.prefix()))
                .as("seed %d: the prefix %s", seed, violation.prefix())
                .isFalse();
        assertThat(ExhaustiveSearch.isLinearizable(model, before))
                .as("seed %d: before the culprit %s", seed, before)
                .isTrue();
    }

    private static <I, O> Operation<I, O> at(Random random, I input, O output) {
        long invokedAt = random.nextInt(12);
        Outcome<O> outcome = random.nextInt(4) == 0 ? new Outcome.Unseen<>() : new Outcome.Returned<>(output);
        return new Operation<>("c", "k", input, outcome, invokedAt, invokedAt + random.nextInt(6));
    }

    private static RegisterModel.Input<Integer> smallRegisterInput(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new RegisterModel.Input.Write<>(random.nextInt(2));
            case 1 -> new RegisterModel.Input.CompareAndSet<>(Optional.of(random.nextInt(2)), random.nextInt(2));
            default -> new RegisterModel.Input.Read<>();
        };
    }

    private static RegisterModel.Output<Integer> registerOutput(Random random, RegisterModel.Input<Integer> input) {
        if (input instanceof RegisterModel.Input.Read) {
            int value = random.nextInt(3);
            return new RegisterModel.Output.Value<>(value == 2 ? Optional.empty() : Optional.of(value));
        }
        boolean unequal = input instanceof RegisterModel.Input.CompareAndSet && random.nextBoolean();
        return unequal ? new RegisterModel.Output.Unequal<>() : new RegisterModel.Output.Done<>();
    }

    private static LockModel.Output lockOutput(Random random, LockModel.Input input) {
        List<LockModel.Output> possible = input instanceof LockModel.Input.Acquire
                ? List.of(LockModel.Output.ACQUIRED, LockModel.Output.BUSY, LockModel.Output.TIMED_OUT)
                : List.of(LockModel.Output.RELEASED, LockModel.Output.RELEASED, LockModel.Output.REFUSED);
        return possible.get(random.nextInt(possible.size()));
    }

    private static QueueModel.Output<Integer> queueOutput(Random random, boolean put, int value) {
        if (put) {
            return random.nextInt(5) == 0 ? new QueueModel.Output.Full<>() : new QueueModel.Output.Done<>();
        }
        return random.nextInt(4) == 0 ? new QueueModel.Output.Empty<>() : new QueueModel.Output.Taken<>(value);
    }
}
