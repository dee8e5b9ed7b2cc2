package dev.convene.testkit.check.linear;

import java.util.Objects;

/**
 * One use of an object.
 *
 * @param client     who, for the explanation only; operations of one client may overlap
 * @param key        which object: objects are independent of each other
 * @param input      what it was called with
 * @param outcome    how it went
 * @param invokedAt  when it was called, on any clock that never goes back and is one for all clients
 * @param returnedAt when it returned, on the same clock; ignored for an outcome that nobody saw
 * @param <I>        what operations are called with
 * @param <O>        what operations return
 */
public record Operation<I, O>(String client, String key, I input, Outcome<O> outcome, long invokedAt, long returnedAt) {

    public Operation {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(outcome, "outcome");
        if (outcome instanceof Outcome.Returned && returnedAt < invokedAt) {
            throw new IllegalArgumentException("returned at " + returnedAt + ", before its call at " + invokedAt);
        }
    }

    boolean hasReturned() {
        return outcome instanceof Outcome.Returned;
    }

    /** The same operation, of which nobody saw the return. */
    Operation<I, O> unseen() {
        return withOutcome(new Outcome.Unseen<>());
    }

    Operation<I, O> withOutcome(Outcome<O> other) {
        return new Operation<>(client, key, input, other, invokedAt, returnedAt);
    }

    /** The same operation, known to have returned this and to have taken effect between these moments. */
    Operation<I, O> during(O output, long from, long to) {
        return new Operation<>(client, key, input, new Outcome.Returned<>(output), from, to);
    }

    /** Who did what with what result and when. */
    @Override
    public String toString() {
        String result = switch (outcome) {
            case Outcome.Returned<O> returned -> returned.output() + " at [" + invokedAt + ", " + returnedAt + "]";
            case Outcome.Unseen<O> unseen -> "? from " + invokedAt;
            case Outcome.DidNotHappen<O> didNotHappen -> "nothing at " + invokedAt;
        };
        return client + ": " + input + " -> " + result;
    }
}
