package dev.convene.testkit.check.linear;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes down operations while clients run. Thread-safe. Its clock is a counter, so that it depends on no machine's time:
 * call {@link #invoke} before the request leaves and one of the methods of the {@link Invocation} after the reply came.
 *
 * @param <I> what operations are called with
 * @param <O> what operations return
 */
public final class OperationRecorder<I, O> {

    private final AtomicLong clock = new AtomicLong();
    private final Queue<Invocation<I, O>> invocations = new ConcurrentLinkedQueue<>();

    /** Notes that a client is about to call an operation. */
    public Invocation<I, O> invoke(String client, String key, I input) {
        Operation<I, O> called =
                new Operation<>(client, key, input, new Outcome.Unseen<>(), clock.getAndIncrement(), Long.MAX_VALUE);
        Invocation<I, O> invocation = new Invocation<>(called, clock);
        invocations.add(invocation);
        return invocation;
    }

    /** Everything up to now; what has not returned yet counts as unseen. */
    public List<Operation<I, O>> operations() {
        return invocations.stream().map(Invocation::operation).toList();
    }

    /**
     * An operation that was called. The first of its outcomes counts.
     *
     * @param <I> what operations are called with
     * @param <O> what operations return
     */
    public static final class Invocation<I, O> {

        private final Operation<I, O> called;
        private final AtomicLong clock;
        private Operation<I, O> latest;

        private Invocation(Operation<I, O> called, AtomicLong clock) {
            this.called = called;
            this.clock = clock;
            this.latest = called;
        }

        /** It returned this. */
        public void returned(O output) {
            end(new Outcome.Returned<>(output));
        }

        /** It certainly had no effect. */
        public void didNotHappen() {
            end(new Outcome.DidNotHappen<>());
        }

        /** Nobody will know. */
        public void unseen() {
            end(new Outcome.Unseen<>());
        }

        private synchronized void end(Outcome<O> outcome) {
            if (latest == called) {
                long now = clock.getAndIncrement();
                latest = new Operation<>(
                        called.client(), called.key(), called.input(), outcome, called.invokedAt(), now);
            }
        }

        private synchronized Operation<I, O> operation() {
            return latest;
        }
    }
}
