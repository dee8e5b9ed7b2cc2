package dev.convene.testkit.check.linear;

import java.util.Objects;

/**
 * What is known of how an operation went.
 *
 * @param <O> what operations return
 */
public sealed interface Outcome<O> {

    /** It returned. */
    record Returned<O>(O output) implements Outcome<O> {
        public Returned {
            Objects.requireNonNull(output, "output");
        }
    }

    /**
     * Nobody knows: the client gave up, its connection broke, or the reply said that it may have happened. It may take
     * effect at any moment after its call, or never.
     */
    record Unseen<O>() implements Outcome<O> {}

    /** It certainly had no effect, as when the reply said so. */
    record DidNotHappen<O>() implements Outcome<O> {}
}
