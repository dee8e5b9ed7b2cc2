package dev.convene.testkit.check.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * Clients that use one object at the same time, simulated from a seed: each operation takes effect at one moment between
 * its call and its return, so that what comes out is linearizable.
 *
 * @param <S> the object's state
 * @param <I> what operations are called with
 * @param <O> what operations return
 */
final class SimulatedObject<S, I, O> {

    /** What an operation does: its output and the next state. */
    record Effect<S, O>(S next, O output) {}

    private final Random random;
    private final BiFunction<S, I, Effect<S, O>> effects;
    private final double unseen;
    private final List<Operation<I, O>> operations = new ArrayList<>();
    private S state;
    private long now;

    /** What a client is about: nothing; an operation that was called; one that has taken effect. */
    private final class Client {

        private final String name;
        private Optional<I> called = Optional.empty();
        private Optional<O> output = Optional.empty();
        private long calledAt;

        Client(String name) {
            this.name = name;
        }

        /** Makes one move; returns whether an operation ended. */
        boolean move(String key, BiFunction<Random, String, I> inputs) {
            now++;
            if (called.isEmpty()) {
                called = Optional.of(inputs.apply(random, name));
                calledAt = now;
                return false;
            }
            if (output.isEmpty() && random.nextDouble() >= unseen) {
                Effect<S, O> effect = effects.apply(state, called.get());
                state = effect.next();
                output = Optional.of(effect.output());
                return false;
            }
            boolean seen = output.isPresent() && random.nextDouble() >= unseen;
            end(key, seen ? new Outcome.Returned<>(output.get()) : new Outcome.Unseen<>());
            return true;
        }

        /** Nobody sees the end of what is still going on. */
        void stop(String key) {
            if (called.isPresent()) {
                end(key, new Outcome.Unseen<>());
            }
        }

        private void end(String key, Outcome<O> outcome) {
            operations.add(new Operation<>(name, key, called.orElseThrow(), outcome, calledAt, now));
            called = Optional.empty();
            output = Optional.empty();
        }
    }

    /**
     * @param initial the object's first state
     * @param effects what operations do
     * @param unseen  how probable it is, from 0 to 1, that an operation's end is not seen, after its effect or without one
     * @param seed    decides everything else
     */
    SimulatedObject(S initial, BiFunction<S, I, Effect<S, O>> effects, double unseen, long seed) {
        this.state = initial;
        this.effects = effects;
        this.unseen = unseen;
        this.random = new Random(seed);
    }

    /** Lets the clients do this many operations on the object. */
    List<Operation<I, O>> run(String key, int clients, int operations, BiFunction<Random, String, I> inputs) {
        List<Client> all = new ArrayList<>();
        for (int c = 0; c < clients; c++) {
            all.add(new Client("c" + c));
        }
        int ended = 0;
        while (ended < operations) {
            if (all.get(random.nextInt(clients)).move(key, inputs)) {
                ended++;
            }
        }
        all.forEach(client -> client.stop(key));
        return this.operations;
    }

    static SimulatedObject<Optional<Integer>, RegisterModel.Input<Integer>, RegisterModel.Output<Integer>> register(
            double unseen, long seed) {
        return new SimulatedObject<>(Optional.empty(), SimulatedObject::useRegister, unseen, seed);
    }

    private static Effect<Optional<Integer>, RegisterModel.Output<Integer>> useRegister(
            Optional<Integer> state, RegisterModel.Input<Integer> input) {
        return switch (input) {
            case RegisterModel.Input.Read<Integer> read -> new Effect<>(state, new RegisterModel.Output.Value<>(state));
            case RegisterModel.Input.Write<Integer> write ->
                new Effect<>(Optional.of(write.value()), new RegisterModel.Output.Done<>());
            case RegisterModel.Input.CompareAndSet<Integer> swap ->
                swap.expected().equals(state)
                        ? new Effect<>(Optional.of(swap.value()), new RegisterModel.Output.Done<>())
                        : new Effect<>(state, new RegisterModel.Output.Unequal<>());
        };
    }

    static RegisterModel.Input<Integer> anyRegisterInput(Random random, String client) {
        return switch (random.nextInt(4)) {
            case 0 -> new RegisterModel.Input.Write<>(random.nextInt(5));
            case 1 -> new RegisterModel.Input.CompareAndSet<>(Optional.of(random.nextInt(5)), random.nextInt(5));
            default -> new RegisterModel.Input.Read<>();
        };
    }

    static SimulatedObject<Optional<String>, LockModel.Input, LockModel.Output> lock(double unseen, long seed) {
        return new SimulatedObject<>(Optional.empty(), SimulatedObject::useLock, unseen, seed);
    }

    private static Effect<Optional<String>, LockModel.Output> useLock(Optional<String> owner, LockModel.Input input) {
        return switch (input) {
            case LockModel.Input.Acquire acquire ->
                owner.isEmpty()
                        ? new Effect<>(Optional.of(acquire.owner()), LockModel.Output.ACQUIRED)
                        : new Effect<>(owner, LockModel.Output.BUSY);
            case LockModel.Input.Release release ->
                owner.equals(Optional.of(release.owner()))
                        ? new Effect<>(Optional.empty(), LockModel.Output.RELEASED)
                        : new Effect<>(owner, LockModel.Output.REFUSED);
        };
    }

    static LockModel.Input anyLockInput(Random random, String client) {
        return random.nextBoolean() ? new LockModel.Input.Acquire(client) : new LockModel.Input.Release(client);
    }

    static SimulatedObject<List<Integer>, QueueModel.Input<Integer>, QueueModel.Output<Integer>> queue(
            double unseen, long seed) {
        return new SimulatedObject<>(List.of(), SimulatedObject::useQueue, unseen, seed);
    }

    private static Effect<List<Integer>, QueueModel.Output<Integer>> useQueue(
            List<Integer> state, QueueModel.Input<Integer> input) {
        return switch (input) {
            case QueueModel.Input.Put<Integer> put -> {
                List<Integer> longer = new ArrayList<>(state);
                longer.add(put.value());
                yield new Effect<>(longer, new QueueModel.Output.Done<>());
            }
            case QueueModel.Input.Take<Integer> take ->
                state.isEmpty()
                        ? new Effect<>(state, new QueueModel.Output.Empty<>())
                        : new Effect<>(state.subList(1, state.size()), new QueueModel.Output.Taken<>(state.getFirst()));
        };
    }

    /** Puts numbers that are never the same. */
    static BiFunction<Random, String, QueueModel.Input<Integer>> anyQueueInput() {
        int[] next = {0};
        return (random, client) ->
                random.nextBoolean() ? new QueueModel.Input.Put<>(next[0]++) : new QueueModel.Input.Take<>();
    }
}
