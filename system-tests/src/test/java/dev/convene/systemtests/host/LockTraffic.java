package dev.convene.systemtests.host;

import static org.awaitility.Awaitility.await;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import dev.convene.testkit.check.linear.LockModel.Input;
import dev.convene.testkit.check.linear.LockModel.Output;
import dev.convene.testkit.check.linear.Operation;
import dev.convene.testkit.check.linear.OperationRecorder;
import dev.convene.testkit.reference.LockCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that take a few locks and give them back until they are told to stop, and the record of what they did. Some
 * wait, some do not; some have a lock for a short lease only. A client whose patience ends notes that it does not know what
 * happened, and gives back what it gets later all the same.
 */
final class LockTraffic {
    private static final int CLIENTS = 6;
    private static final int LOCKS = 2;
    private static final Duration CLIENTS_PATIENCE = Duration.ofSeconds(1);

    private final String name;
    private final OperationRecorder<Input, Output> recorder = new OperationRecorder<>();
    private final Map<String, Long> grants = new ConcurrentHashMap<>();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong newestAnswerNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong longestSilenceNanos = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<CompletableFuture<Void>> clients = new ArrayList<>();
    private volatile boolean stopped;

    /** @param name of the locks, so that no other test has them */
    LockTraffic(LockGateway gateway, String name, long seed) {
        this.name = name;
        for (int i = 0; i < CLIENTS; i++) {
            LockGateway.Session session = gateway.newSession();
            Random random = new Random(seed + i);
            clients.add(CompletableFuture.runAsync(() -> act(session, random), threads));
        }
    }

    private void act(LockGateway.Session session, Random random) {
        for (int round = 1; !stopped; round++) {
            round(session, session.name() + "/" + round, random);
        }
    }

    /** Each grant has an owner's name of its own: the end of a lease is a release by that owner which nobody saw. */
    private void round(LockGateway.Session session, String owner, Random random) {
        String lock = name + random.nextInt(LOCKS);
        long waitMs = random.nextInt(3) == 0 ? 0 : 20 + random.nextInt(1500);
        long leaseMs = random.nextInt(3) == 0 ? 10 + random.nextInt(300) : 0;
        var acquire = recorder.invoke(owner, lock, new Input.Acquire(owner));
        if (leaseMs > 0) {
            recorder.invoke(owner, lock, new Input.Release(owner)).unseen();
        }
        Answer answer = answer(session.ask(new LockCommand.Acquire(lock, waitMs, leaseMs)), acquire);
        if (answer.error() == ErrorCode.TIMED_OUT) {
            acquire.returned(waitMs == 0 ? Output.BUSY : Output.TIMED_OUT);
            return;
        }
        if (!answer.isOk()) {
            throw new AssertionError("acquire was answered " + answer.error());
        }
        acquire.returned(Output.ACQUIRED);
        grants.merge(lock, 1L, Long::sum);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(30)));
        var release = recorder.invoke(owner, lock, new Input.Release(owner));
        Answer released = answer(session.ask(new LockCommand.Release(lock)), release);
        if (!released.isOk() && leaseMs == 0) {
            throw new AssertionError(owner + " had " + lock + " and cannot give it back: " + released.error());
        }
        release.returned(released.isOk() ? Output.RELEASED : Output.REFUSED);
    }

    private Answer answer(CompletableFuture<Answer> asked, OperationRecorder.Invocation<Input, Output> invocation) {
        Answer answer;
        try {
            answer = asked.get(CLIENTS_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            invocation.unseen();
            unknown.incrementAndGet();
            answer = TestGateway.within(asked);
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        long now = System.nanoTime();
        longestSilenceNanos.accumulateAndGet(now - newestAnswerNanos.getAndSet(now), Math::max);
        answers.incrementAndGet();
        return answer;
    }

    /** Waits until so many more requests were answered. */
    void awaitMore(int count) {
        long before = answers.get();
        await().atMost(HostedLog.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> answers.get() >= before + count || hasFailed());
    }

    /** Waits until a client, somewhere, has lost its patience. */
    void awaitUnknown() {
        long before = unknown.get();
        await().atMost(HostedLog.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> unknown.get() > before || hasFailed());
    }

    private boolean hasFailed() {
        return clients.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
    }

    /** Lets every client finish what it does. */
    void stop() {
        stopped = true;
        clients.forEach(TestGateway::within);
        threads.close();
    }

    List<Operation<Input, Output>> operations() {
        return recorder.operations();
    }

    /** How often each lock was given. */
    Map<String, Long> grants() {
        return Map.copyOf(grants);
    }

    /** Whether a lock is one of these clients'. */
    boolean isOurs(String lock) {
        return lock.startsWith(name);
    }

    String figures() {
        return answers + " answers, " + unknown + " of them after the client had given up, longest time without one "
                + longestSilenceNanos.get() / 1_000_000 + " ms";
    }
}
