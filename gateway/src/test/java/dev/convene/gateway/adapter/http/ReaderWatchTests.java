package dev.convene.gateway.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.Access;
import dev.convene.gateway.core.ReaderKind;
import dev.convene.gateway.core.TenantCounters;
import dev.convene.gateway.core.delivery.Feed;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.session.SessionIdentity;
import dev.convene.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader that goes on is left alone, one that stands still while something waits is cut. */
@Timeout(60)
class ReaderWatchTests {
    private static final Duration TIMEOUT = Duration.ofMillis(60);
    private static final int TIMES = 10;

    private final CountDownLatch cut = new CountDownLatch(1);
    private final LocalSession session = new LocalSession(
            new SessionIdentity(7, 1, 1, "#a#gw1", true, 1000, new byte[32]),
            Access.ALL,
            ReaderKind.REQUESTS,
            Limits.DEFAULT,
            new TenantCounters(),
            0);
    private final ReaderWatch watch = new ReaderWatch(session, cut::countDown, TIMEOUT);

    @AfterEach
    void end() {
        watch.end();
    }

    @Test
    void whoTakesNothingWhileSomethingWaitsIsCut() throws InterruptedException {
        Feed.offer(session.queue(), Feed.message(1, "m"));
        watch.begin();
        assertThat(cut.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatWasGivenAndNotConfirmedWaitsToo() throws InterruptedException {
        Feed.offer(session.queue(), Feed.message(1, "m"));
        session.queue().poll(1, Long.MAX_VALUE, new ArrayList<>());
        watch.begin();
        assertThat(cut.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whereNothingWaitsNobodyIsCut() throws InterruptedException {
        watch.begin();
        assertThat(cut.await(TIMES * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
    }
}
