package dev.convene.runtime.host.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RemoteCallsTests {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private RemoteCalls calls = calls(4, LONG);

    private RemoteCalls calls(int concurrentMax, Duration slow) {
        return calls(concurrentMax, slow, Duration.ofMinutes(1));
    }

    private RemoteCalls calls(int concurrentMax, Duration slow, Duration open) {
        return new RemoteCalls("test-calls", new RemoteCalls.Settings(concurrentMax, slow, open, 3), meters);
    }

    @AfterEach
    void close() {
        calls.close();
    }

    private static <T> CompletableFuture<T> refusing() {
        return CompletableFuture.failedFuture(new TimeoutException("planted"));
    }

    private static Throwable failureOf(CompletableFuture<?> call) {
        try {
            call.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return LogAdmin.unwrap(e);
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it succeeded");
    }

    @Test
    void afterFailuresNothingIsTriedForAWhileAndThatIsToBeSeen() {
        AtomicInteger tried = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            failureOf(calls.once(LONG, () -> {
                tried.incrementAndGet();
                return refusing();
            }));
        }
        assertThat(failureOf(calls.once(LONG, () -> {
                    tried.incrementAndGet();
                    return refusing();
                })))
                .isInstanceOf(RemoteCalls.NotTriedException.class);
        assertThat(tried).hasValue(3);
        assertThat(calls.state()).isEqualTo("open");
        assertThat(calls.pausedMs()).isBetween(1L, 60_000L);
        assertThatThrownBy(calls::begin)
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThatThrownBy(() -> calls.blocking(() -> 1)).isInstanceOf(RemoteCalls.NotTriedException.class);
        assertThat(meters.get("resilience4j.circuitbreaker.state")
                        .tag("name", "test-calls")
                        .tag("state", "open")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void afterItsTimeAnOpenBreakerIsNoPauseAnyMoreAlsoIfNobodyCalls() throws InterruptedException {
        calls.close();
        calls = calls(4, LONG, Duration.ofMillis(50));
        fail3();
        CountDownLatch passed = new CountDownLatch(1);
        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(passed::countDown);
        assertThat(passed.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(calls.pausedMs()).isZero();
        assertThat(calls.state()).isEqualTo("half_open");
    }

    @Test
    void whenTheBrokerIsBackCallsAreTriedAtOnce() {
        fail3();
        assertThat(calls.state()).isEqualTo("open");
        calls.brokerIsBack();

        assertThat(calls.state()).isEqualTo("closed");
        assertThat(calls.pausedMs()).isZero();
        assertThat(calls.once(LONG, () -> CompletableFuture.completedFuture(1)).join())
                .isEqualTo(1);
    }

    private void fail3() {
        for (int i = 0; i < 3; i++) {
            failureOf(calls.once(LONG, RemoteCallsTests::refusing));
        }
    }

    @Test
    void callsThatSucceedSlowlyOpenTheBreaker() {
        calls.close();
        calls = calls(4, Duration.ofMillis(5));
        for (int i = 0; i < 3; i++) {
            assertThat(calls.once(LONG, RemoteCallsTests::slowly).join()).isEqualTo(1);
        }
        assertThat(calls.state()).isEqualTo("open");
    }

    private static CompletableFuture<Integer> slowly() {
        return CompletableFuture.supplyAsync(() -> 1, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
    }

    @Test
    void whatMayBeMadeTwiceIsTriedAgainAndWhatMayNotIsNot() {
        AtomicInteger tried = new AtomicInteger();
        assertThat(calls.repeated(
                                LONG,
                                () -> tried.incrementAndGet() < 2
                                        ? RemoteCallsTests.<String>refusing()
                                        : CompletableFuture.completedFuture("there"))
                        .join())
                .isEqualTo("there");
        assertThat(tried).hasValue(2);
        tried.set(0);
        failureOf(calls.once(LONG, () -> {
            tried.incrementAndGet();
            return refusing();
        }));
        assertThat(tried).hasValue(1);
    }

    @Test
    void whatIsNotAnsweredEndsWithItsLimit() {
        assertThat(failureOf(calls.repeated(Duration.ofMillis(30), CompletableFuture<String>::new)))
                .isInstanceOf(RemoteCalls.LimitReachedException.class);
    }

    @Test
    void whatIsWrongWithTheQuestionSaysNothingOfTheBroker() {
        for (int i = 0; i < 5; i++) {
            assertThat(failureOf(calls.repeated(
                            LONG, () -> CompletableFuture.failedFuture(new UnknownTopicOrPartitionException("no")))))
                    .isInstanceOf(UnknownTopicOrPartitionException.class);
        }
        assertThat(calls.state()).isEqualTo("closed");
    }

    @Test
    void noMoreAreOnTheirWayThanMayBe() {
        List<Long> begun = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            begun.add(calls.begin());
        }
        assertThatThrownBy(calls::begin)
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(failureOf(calls.once(LONG, () -> CompletableFuture.completedFuture(1))))
                .isInstanceOf(RemoteCalls.NotTriedException.class);
        begun.forEach(one -> calls.ended(one, null));
        assertThat(calls.once(LONG, () -> CompletableFuture.completedFuture(1)).join())
                .isEqualTo(1);
    }
}
