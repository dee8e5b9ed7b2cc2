package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.log.LimitedPasses;
import dev.convene.gateway.core.log.ReadAhead;
import dev.convene.group.Delivery;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Few replays run at a time, whoever wants them; the others wait, but not for ever. */
class LimitedPassesTests {
    private static final long WAIT_MAX_MS = 30_000;

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ReadAhead ahead = new ReadAhead(100);
    private final Held log = new Held();
    private final LimitedPasses passes = new LimitedPasses(log, scheduler, ahead);

    /** A log whose replays end when the test says so. */
    private static final class Held implements GroupLog {
        private final List<CompletableFuture<Void>> running = new ArrayList<>();
        private int begun;

        @Override
        public CompletableFuture<Void> replay(int partition, long from, long to, Replay replay) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            running.add(ended);
            begun++;
            return ended;
        }

        @Override
        public String epoch() {
            return "e";
        }

        @Override
        public int partitions() {
            return 100;
        }

        @Override
        public void follow(int partition, Follower follower) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void leave(int partition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public CompletableFuture<Long> oldest(int partition) {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public CompletableFuture<Long> offsetAt(int partition, long wallMs) {
            return CompletableFuture.completedFuture(0L);
        }
    }

    private static final class Nothing implements GroupLog.Replay {
        @Override
        public void message(Delivery delivery) {
            throw new UnsupportedOperationException();
        }
    }

    private CompletableFuture<Void> replay(int partition) {
        return passes.replay(partition, 0, 10, new Nothing());
    }

    private void pass(long ms) {
        for (long left = ms; left > 0; left -= 10) {
            scheduler.advance(10);
            while (scheduler.runDue()) {
                // All that is due.
            }
        }
    }

    @Test
    void furtherReplaysWaitForTheirTurn() {
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (int i = 0; i < LimitedPasses.PASSES_MAX + 2; i++) {
            asked.add(replay(i));
        }
        assertThat(log.begun).isEqualTo(LimitedPasses.PASSES_MAX);
        assertThat(passes.isAwaited()).isTrue();

        log.running.getFirst().complete(null);
        assertThat(log.begun).isEqualTo(LimitedPasses.PASSES_MAX + 1);
        log.running.get(1).completeExceptionally(new ConveneException(ErrorCode.NOT_RECOVERED));
        assertThat(log.begun).isEqualTo(LimitedPasses.PASSES_MAX + 2);
        assertThat(passes.isAwaited()).isFalse();
        assertThat(asked.getFirst()).isCompleted();
        assertThat(asked.get(1)).isCompletedExceptionally();
        assertThat(asked.getLast()).isNotDone();
    }

    @Test
    void whoWaitsTooLongIsToldToComeLater() {
        for (int i = 0; i < LimitedPasses.PASSES_MAX; i++) {
            replay(i);
        }
        CompletableFuture<Void> late = replay(99);
        pass(WAIT_MAX_MS - 100);
        assertThat(late).isNotDone();

        pass(200);
        assertThatThrownBy(late::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        log.running.forEach(one -> one.complete(null));
        assertThat(log.begun).isEqualTo(LimitedPasses.PASSES_MAX);
    }

    @Test
    void onlySoManyWait() {
        for (int i = 0; i < LimitedPasses.PASSES_MAX + 1000; i++) {
            assertThat(replay(i)).isNotDone();
        }
        assertThat(replay(0)).isCompletedExceptionally();
    }

    @Test
    void nothingBeginsWhileTooMuchIsReadAhead() {
        ReadAhead.Share share = ahead.share(60, 2);
        CompletableFuture<Void> asked = replay(0);
        pass(1000);
        assertThat(log.begun).isZero();

        share.release();
        pass(1000);
        assertThat(log.begun).isZero();
        share.release();
        pass(100);
        assertThat(log.begun).isEqualTo(1);
        assertThat(ahead.bytes()).isZero();
        assertThat(asked).isNotDone();
    }
}
