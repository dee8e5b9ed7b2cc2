package dev.convene.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.SessionEvent;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every rule of the reference shard. */
class LockShardTests {
    private static final String COUNTED = "forward locks-1 CountGrant[lock=x]";
    private final LockBench bench = new LockBench();

    @BeforeEach
    void connect() {
        bench.connect(10, 20, 30);
    }

    @Test
    void aFreeLockIsGivenAtOnceAndCountedElsewhere() {
        assertThat(bench.acquire(10, "x", 0, 0)).containsExactly("10 1 ok", COUNTED);
    }

    @Test
    void aHeldLockIsRefusedToWhoDoesNotWait() {
        bench.acquire(10, "x", 0, 0);
        assertThat(bench.acquire(20, "x", 0, 0)).containsExactly("20 1 TIMED_OUT");
        assertThat(bench.acquire(10, "x", 0, 0)).containsExactly("10 2 TIMED_OUT");
    }

    @Test
    void aReleasedLockGoesToWhoHasWaitedLongest() {
        bench.acquire(10, "x", 0, 0);
        assertThat(bench.acquire(20, "x", 5000, 0)).isEmpty();
        assertThat(bench.acquire(30, "x", 5000, 0)).isEmpty();
        assertThat(bench.release(10, "x")).containsExactly("10 2 ok", "20 1 ok", COUNTED);
        assertThat(bench.release(20, "x")).containsExactly("20 2 ok", "30 1 ok", COUNTED);
        assertThat(bench.release(30, "x")).containsExactly("30 2 ok");
        assertThat(bench.shard().locks()).isEmpty();
    }

    @Test
    void onlyTheHolderCanGiveItBack() {
        bench.acquire(10, "x", 0, 0);
        assertThat(bench.release(20, "x")).containsExactly("20 1 FORBIDDEN");
        assertThat(bench.release(20, "unknown")).containsExactly("20 2 FORBIDDEN");
    }

    @Test
    void aWaitEndsAfterItsTimeAndNotBefore() {
        bench.acquire(10, "x", 0, 0);
        bench.acquire(20, "x", 3000, 0);
        assertThat(bench.pass(2999)).isEmpty();
        assertThat(bench.pass(1)).containsExactly("20 1 TIMED_OUT");
        assertThat(bench.release(10, "x")).containsExactly("10 2 ok");
    }

    @Test
    void aLeaseEndsAfterItsTimeAndTheLockGoesOn() {
        bench.acquire(10, "x", 0, 2000);
        bench.acquire(20, "x", 60_000, 0);
        assertThat(bench.pass(1999)).isEmpty();
        assertThat(bench.pass(1)).containsExactly("20 1 ok", COUNTED);
        assertThat(bench.release(10, "x")).containsExactly("10 2 FORBIDDEN");
    }

    @Test
    void aLeaseOfAnEarlierHolderDoesNotEndALaterOne() {
        bench.acquire(10, "x", 0, 2000);
        bench.release(10, "x");
        bench.acquire(20, "x", 0, 0);
        assertThat(bench.pass(5000)).isEmpty();
        assertThat(bench.shard().lock("x").holder().session().id()).isEqualTo(20);
    }

    @Test
    void aSuspendedWaiterKeepsItsPlaceAndIsPassedBy() {
        bench.acquire(10, "x", 0, 0);
        bench.acquire(20, "x", 60_000, 0);
        bench.acquire(30, "x", 60_000, 0);
        bench.tell(new SessionEvent.SessionSuspended(20, 1));
        assertThat(bench.release(10, "x")).containsExactly("10 2 ok", "30 1 ok", COUNTED);
        bench.acquire(10, "x", 60_000, 0);
        bench.tell(new SessionEvent.SessionResumed(20, 2, 1));
        assertThat(bench.release(30, "x")).containsExactly("30 2 ok", "20 1 ok", COUNTED);
    }

    @Test
    void aResumeBeginsWithASearch() {
        bench.acquire(10, "x", 0, 0);
        bench.acquire(20, "x", 60_000, 0);
        bench.tell(new SessionEvent.SessionSuspended(20, 1));
        assertThat(bench.release(10, "x")).containsExactly("10 2 ok");
        assertThat(bench.shard().lock("x").holder()).isNull();
        assertThat(bench.tell(new SessionEvent.SessionResumed(20, 2, 1))).containsExactly("20 1 ok", COUNTED);
    }

    @Test
    void aFreeLockThatOnlySuspendedOnesWaitForIsGivenToWhoComes() {
        bench.acquire(10, "x", 0, 0);
        bench.acquire(20, "x", 60_000, 0);
        bench.tell(new SessionEvent.SessionSuspended(20, 1));
        bench.release(10, "x");
        assertThat(bench.acquire(30, "x", 0, 0)).containsExactly("30 1 ok", COUNTED);
    }

    @Test
    void theEndOfASessionCancelsItsWaitsAndReleasesWhatItHeld() {
        bench.acquire(10, "x", 0, 0);
        bench.acquire(10, "y", 0, 0);
        bench.acquire(20, "y", 60_000, 0);
        bench.acquire(20, "x", 60_000, 0);
        bench.acquire(30, "x", 60_000, 0);
        assertThat(bench.tell(new SessionEvent.SessionEnded(20, true))).isEmpty();
        assertThat(bench.tell(new SessionEvent.SessionEnded(10, false))).containsExactly("30 1 ok", COUNTED);
        assertThat(bench.shard().locks()).hasSize(1);
    }

    @Test
    void nothingIsGivenToThoseThatEndTogether() {
        bench.acquire(10, "x", 0, 0);
        bench.acquire(20, "x", 60_000, 0);
        bench.acquire(30, "x", 60_000, 0);
        bench.tell(new SessionEvent.GatewayLost(1));
        assertThat(bench.tell(new SessionEvent.GatewayExpired(1, new long[] {10, 20, 30})))
                .isEmpty();
        assertThat(bench.shard().locks()).isEmpty();
    }

    @Test
    void grantsAreCountedForOtherPartitionsAlone() {
        byte[] count = new LockCommand.CountGrant("z").toBytes();
        bench.append(new LogEntry.Forwards(
                "locks", 0, "e", List.of(new LogEntry.Forward(dev.convene.protocol.Position.of(1), false, count))));
        assertThat(bench.shard().grants()).containsEntry("z", 1L);
        assertThat(bench.send(10, new LockCommand.CountGrant("z"))).containsExactly("10 1 FORBIDDEN");
        assertThat(bench.shard().grants()).containsEntry("z", 1L);
    }

    @Test
    void badArgumentsAreRefused() {
        assertThat(bench.acquire(10, "", 0, 0)).containsExactly("10 1 BAD_FIELD");
        assertThat(bench.acquire(10, "x".repeat(LockShard.NAME_MAX + 1), 0, 0)).containsExactly("10 2 BAD_FIELD");
        assertThat(bench.acquire(10, "x", -1, 0)).containsExactly("10 3 BAD_FIELD");
        assertThat(bench.acquire(10, "x", 0, LockShard.TIME_MAX_MS + 1)).containsExactly("10 4 BAD_FIELD");
    }
}
