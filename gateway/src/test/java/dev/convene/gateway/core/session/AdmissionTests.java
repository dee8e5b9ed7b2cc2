package dev.convene.gateway.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.ManualScheduler;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionTests {
    private static final int UNDER_WAY_MAX = 4;
    private static final int PER_SECOND_MIN = 100;
    private static final int WAITING_MAX = 1000;

    private final ManualScheduler scheduler = new ManualScheduler();
    private final Admission admission = new Admission(UNDER_WAY_MAX, PER_SECOND_MIN, WAITING_MAX, scheduler);
    private final List<Integer> begun = new ArrayList<>();
    private final List<CompletableFuture<Integer>> outcomes = new ArrayList<>();

    AdmissionTests() {
        // What the lowest rate has saved is gone, and its place is free again.
        CompletableFuture<Integer> first = new CompletableFuture<>();
        admission.admit(() -> first);
        first.complete(0);
    }

    private CompletableFuture<Integer> ask(int number) {
        return admission.admit(() -> {
            begun.add(number);
            CompletableFuture<Integer> outcome = new CompletableFuture<>();
            outcomes.add(outcome);
            return outcome;
        });
    }

    private void pass(long ms) {
        for (long i = 0; i < ms; i++) {
            scheduler.advance(1);
            settle();
        }
    }

    private void settle() {
        boolean ran = true;
        while (ran) {
            ran = scheduler.runDue();
        }
    }

    private static List<Integer> range(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void theNextBeginsWhenOneHasEndedInOrder() {
        List<CompletableFuture<Integer>> results =
                IntStream.range(0, 10).mapToObj(this::ask).toList();
        assertThat(begun).isEqualTo(range(UNDER_WAY_MAX));

        outcomes.get(2).complete(2);
        outcomes.get(0).completeExceptionally(new IllegalStateException("lost"));
        assertThat(results.get(2)).isCompletedWithValue(2);
        assertThat(results.get(0)).isCompletedExceptionally();
        assertThat(begun).as("not on the thread where one ended").isEqualTo(range(UNDER_WAY_MAX));
        settle();
        assertThat(begun).isEqualTo(range(UNDER_WAY_MAX + 2));
    }

    @Test
    void whatTakesLongLetsFewerThroughButNeverFewerThanTheLowestRate() {
        IntStream.range(0, 500).forEach(this::ask);
        pass(1000);
        assertThat(begun).hasSizeBetween(PER_SECOND_MIN, PER_SECOND_MIN + UNDER_WAY_MAX);
        assertThat(begun).isEqualTo(range(begun.size()));
    }

    @Test
    void whatEndsSoonIsNotHeldToTheLowestRate() {
        IntStream.range(0, 500).forEach(this::ask);
        for (int ms = 0; ms < 100; ms++) {
            List.copyOf(outcomes).forEach(outcome -> outcome.complete(1));
            pass(1);
        }
        assertThat(begun).hasSizeBetween(100 * UNDER_WAY_MAX, 100 * UNDER_WAY_MAX + 2 * UNDER_WAY_MAX);
    }

    @Test
    void oneThatThrowsLeavesItsPlace() {
        CompletableFuture<Integer> refused = admission.admit(() -> {
            throw new ConveneException(ErrorCode.WRONG_TOKEN);
        });
        assertThat(refused).isCompletedExceptionally();
        IntStream.range(0, 10).forEach(this::ask);
        assertThat(begun).isEqualTo(range(UNDER_WAY_MAX));
    }

    @Test
    void tooManyAreRefused() {
        IntStream.range(0, UNDER_WAY_MAX + WAITING_MAX).forEach(this::ask);
        CompletableFuture<Integer> oneMore = ask(-1);
        assertThat(oneMore.exceptionNow())
                .isInstanceOfSatisfying(
                        ConveneException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED));
    }
}
