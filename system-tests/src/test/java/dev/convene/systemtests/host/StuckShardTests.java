package dev.convene.systemtests.host;

import static dev.convene.systemtests.host.HostedLog.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.runtime.host.ReplicaStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process that lives and beats while a part of it does not go on. */
class StuckShardTests extends CounterLogContract {
    private HostedLog.Member<CounterShard.Command> owner;
    private HostedLog.Member<CounterShard.Command> standby;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        owner = log.member("one");
        owner.awaitOwner();
        standby = log.member("two");
        standby.awaitStandby();
        gateway = log.gateway("gateway");
        assertThat(gateway.add(0, "a", 1)).isEqualTo(1);
    }

    @Test
    void aStandbyTakesOverFromAThreadThatStandsStillAndTheOwnerFollowsWhenItGoesOn() {
        CountDownLatch goOn = new CountDownLatch(1);
        owner.host().inspect(0, machine -> {
            awaitUninterruptibly(goOn);
            return "";
        });

        assertThat(gateway.add(0, "a", 1)).isEqualTo(2);
        assertThat(gateway.add(1, "a", 1)).isEqualTo(1);
        assertThat(standby.host().owns(0)).isTrue();
        assertThat(standby.host().owns(1)).isTrue();
        assertThat(owner.host().status())
                .allSatisfy(status -> assertThat(status.fault()).contains("stands still"));

        goOn.countDown();

        owner.awaitStandby();
        await().atMost(PATIENCE).until(() -> owner.host().status().stream().allMatch(ReplicaStatus::isHealthy));
        assertThat(CounterLog.total(owner, 0, "a")).isEqualTo(2);
        assertThat(gateway.faults()).isEmpty();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aStandbyTakesOverFromAThreadThatAnErrorHasEnded() {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        owner.instance().onFailure(told::complete);
        owner.host().inspect(0, machine -> {
            throw new LinkageError("as in a process without memory");
        });

        assertThat(gateway.add(0, "a", 1)).isEqualTo(2);
        assertThat(gateway.add(1, "a", 1)).isEqualTo(1);
        assertThat(standby.host().owns(0)).isTrue();
        assertThat(told).isCompletedWithValueMatching(LinkageError.class::isInstance);
        assertThat(owner.host().status())
                .allSatisfy(status -> assertThat(status.fault()).contains("has ended by"));
        assertThat(gateway.faults()).isEmpty();
    }

    @Test
    void aListenerOfAnswersThatFailsIsToldThatItHasLostSomethingAndHearsTheNextOnes() {
        gateway.failNext();

        assertThat(gateway.add(0, "a", 1)).isEqualTo(2);
        assertThat(gateway.add(0, "a", 1)).isEqualTo(3);
        assertThat(gateway.add(1, "a", 1)).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> gateway.lostCount() == 1);
        assertThat(gateway.handlerFailures()).containsEntry("answers", 1L);
    }
}
