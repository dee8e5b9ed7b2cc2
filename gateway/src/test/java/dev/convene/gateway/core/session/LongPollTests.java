package dev.convene.gateway.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.Received;
import dev.convene.gateway.core.delivery.Feed;
import dev.convene.gateway.core.delivery.SessionQueue;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.At;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation.Receive;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One request at a time takes what waits, and nothing is lost between two of them. */
@Timeout(60)
class LongPollTests {
    private static final int ROUNDS = 200_000;
    private static final int SPINS_MAX = 200;

    /** Runs what is due when it is told to. */
    private static final class Hand implements Scheduler {
        private final List<Runnable> tasks = new ArrayList<>();

        @Override
        public long nowMs() {
            return 0;
        }

        @Override
        public long nowNanos() {
            return 0;
        }

        @Override
        public long wallMs() {
            return 0;
        }

        @Override
        public Delayed after(long delayMs, Runnable task) {
            tasks.add(task);
            return () -> {};
        }

        void allIsDue() {
            List<Runnable> due = List.copyOf(tasks);
            tasks.clear();
            due.forEach(Runnable::run);
        }
    }

    private final Hand time = new Hand();

    private static Receive waiting(int waitMs) {
        return new Receive(waitMs, 10, List.of());
    }

    @Test
    void aRequestThatWaitsTakesWhatComes() {
        SessionQueue queue = new SessionQueue(1000, false);
        LongPoll poll = new LongPoll(queue, new Progress());
        CompletableFuture<Received> waits = poll.receive(waiting(1000), time);
        assertThat(waits).isNotDone();
        Feed.offer(queue, Feed.message(1, "one"));
        assertThat(waits.join().pushes()).hasSize(1);
        time.allIsDue();
        assertThat(poll.isWaiting()).isFalse();
    }

    @Test
    void aLaterRequestEndsAnEarlierOneWithNothing() {
        SessionQueue queue = new SessionQueue(1000, false);
        LongPoll poll = new LongPoll(queue, new Progress());
        CompletableFuture<Received> earlier = poll.receive(waiting(1000), time);
        CompletableFuture<Received> later = poll.receive(waiting(1000), time);
        assertThat(earlier.join().pushes()).isEmpty();
        assertThat(later).isNotDone();
        time.allIsDue();
        assertThat(later.join().pushes()).isEmpty();
    }

    @Test
    void whatReachedNobodyWaitsForTheNextRequestUnlessThatHasComeAlready() {
        SessionQueue queue = new SessionQueue(1000, true);
        LongPoll poll = new LongPoll(queue, new Progress());
        Feed.offer(queue, Feed.message(1, "one"));
        Received lost = poll.receive(waiting(0), time).join();
        poll.untake(lost);
        Received again = poll.receive(waiting(0), time).join();
        assertThat(texts(again)).containsExactly("one");
        Feed.offer(queue, Feed.message(2, "two"));
        assertThat(take(poll)).containsExactly("two");
        poll.untake(again);
        assertThat(take(poll)).isEmpty();
    }

    private static At at(long offset) {
        return Feed.message(offset, "").at();
    }

    private static List<String> texts(Received received) {
        return received.pushes().stream()
                .map(push -> new String(((Push.Message) push.push()).body().bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    private List<String> take(LongPoll poll, At... seen) {
        return texts(poll.receive(new Receive(0, 10, List.of(seen)), time).join());
    }

    /** The session was taken over for somebody who did not say how far its client is. */
    @Test
    void whatTheClientHasOfAnotherGatewayIsNotGivenAgain() {
        SessionQueue queue = new SessionQueue(10_000, true);
        Progress progress = new Progress();
        progress.raise(List.of(at(1)));
        LongPoll poll = new LongPoll(queue, progress);
        Feed.offer(queue, Feed.message(2, "two"), Feed.message(3, "three"));
        assertThat(take(poll, at(4))).isEmpty();
        Feed.offer(queue, Feed.message(4, "four"), Feed.message(5, "five"));
        assertThat(take(poll, at(4))).containsExactly("five");
        assertThat(take(poll, at(5))).isEmpty();
    }

    @Test
    void whatWasGivenAndNotSeenComesAgain() {
        SessionQueue queue = new SessionQueue(10_000, true);
        LongPoll poll = new LongPoll(queue, new Progress());
        Feed.offer(
                queue,
                Feed.message(2, "two"),
                Feed.message(3, "three"),
                Feed.history(1, "old"),
                Feed.message(4, "four"));
        assertThat(take(poll)).containsExactly("two", "three", "old", "four");
        assertThat(take(poll, at(2))).containsExactly("three", "old", "four");
        assertThat(take(poll, at(4))).isEmpty();
    }

    /** Whichever comes first: the push goes with this request or with the next one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWaitThatEndsWhenSomethingComesLosesNothing(boolean retaining) throws InterruptedException {
        SessionQueue queue = new SessionQueue(1000, retaining);
        LongPoll poll = new LongPoll(queue, new Progress());
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Thread feeding = Thread.ofPlatform().daemon().start(() -> {
            for (int round = 1; round <= ROUNDS; round++) {
                awaitAtLeast(round, begun);
                Feed.offer(queue, Feed.message(round, "m"));
                done.set(round);
            }
        });
        for (int round = 1; round <= ROUNDS; round++) {
            CompletableFuture<Received> waits = poll.receive(waiting(1000), time);
            begun.set(round);
            spin(round % SPINS_MAX);
            time.allIsDue();
            awaitAtLeast(round, done);
            int came = waits.join().pushes().size();
            if (came == 0) {
                came = poll.receive(waiting(0), time).join().pushes().size();
            }
            assertThat(came).as("in round " + round).isEqualTo(1);
        }
        feeding.join();
    }

    /** Both threads are awake when they meet, and meet at another point of their ways each time. */
    private static void awaitAtLeast(int round, AtomicInteger counter) {
        for (int spins = 0; counter.get() < round; spins++) {
            if (spins < SPINS_MAX) {
                Thread.onSpinWait();
            } else {
                // Where the machine is busy the other one needs the processor first.
                Thread.yield();
            }
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}
