package dev.convene.systemtests.cluster;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.testkit.check.order.Ending;
import dev.convene.testkit.check.order.SessionHistory;
import dev.convene.testkit.client.RecordedSession;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.SseSession;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A member of a few groups over one surface that sends and reads all the time, and leaves and joins if it is of an odd
 * number. When its gateway is silent or gone it resumes
 * at the next one; when its session has ended meanwhile it begins with another. Everything is written down.
 */
final class RestlessMember {
    /** Longer than a gateway takes to answer, be it with a refusal. */
    private static final Duration PATIENCE = Duration.ofMillis(2500);

    private static final Duration POLL = Duration.ofMillis(100);
    /** Between two messages. */
    private static final int PAUSE_MIN_MS = 20;

    private static final int PAUSE_MAX_MS = 80;
    /** So many times as long while a process starts, which has the machine to itself then. */
    private static final int CALMER = 4;
    /** Of so many steps one is a leave or a join, of a member that does not stay. */
    private static final int STEPS_A_MOVE = 10;

    private final String name;
    private final Surface surface;
    private final List<Supplier<URI>> gateways;
    private final List<String> groups;
    private final boolean stays;
    private final Random random;
    private final TestSessions sessions = new TestSessions();
    private final List<SessionHistory> ended = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    /** Held while something is sent, and while the session is between two connections. */
    private final ReentrantLock connection = new ReentrantLock();

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong moves = new AtomicLong();
    private final AtomicLong longestSilenceNanos = new AtomicLong();
    private int gateway;
    private long messages;
    private volatile RecordedSession recorded;
    private volatile long newestNanos = System.nanoTime();
    private volatile boolean lost;
    private volatile boolean sending = true;
    private volatile boolean calm;
    private volatile boolean reading = true;
    private volatile Throwable failure;
    /** What kept it from going on or sending the last time, for whoever reads that a wait was in vain. */
    private volatile String obstacle = "none";

    /** @param gateways where they are now: a restart may change it; the member begins at that of its number */
    RestlessMember(int number, Surface surface, List<Supplier<URI>> gateways, List<String> groups, long seed) {
        this.name = "m" + number + "-" + Long.toString(seed, 36);
        this.surface = surface;
        this.gateways = gateways;
        this.groups = groups;
        this.stays = number % 2 == 0;
        this.random = new Random(seed + number);
        this.gateway = number;
        connectAnew();
    }

    /** Begins to send and read. */
    void start() {
        newestNanos = System.nanoTime();
        threads.add(Thread.ofVirtual().name("send " + name).start(() -> guarded(this::sendOn)));
        threads.add(Thread.ofVirtual().name("read " + name).start(() -> guarded(this::readOn)));
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | AssertionError e) {
            failure = e;
        }
    }

    private URI nextGateway() {
        return gateways.get(gateway % gateways.size()).get();
    }

    private void sendOn() {
        while (sending && failure == null) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMs()));
            if (!stays && !lost && random.nextInt(STEPS_A_MOVE) == 0) {
                move();
            }
            if (!lost && send(name + "-" + ++messages)) {
                longestSilenceNanos.accumulateAndGet(silenceNanos(), Math::max);
                newestNanos = System.nanoTime();
                acknowledged.incrementAndGet();
            }
        }
    }

    private long pauseMs() {
        return (long) random.nextInt(PAUSE_MIN_MS, PAUSE_MAX_MS) * (calm ? CALMER : 1);
    }

    /** Goes on, more slowly or as before. */
    void setCalm(boolean isCalm) {
        calm = isCalm;
    }

    /** Whether it was acknowledged. Reconnects if nothing was answered at all. */
    private boolean send(String id) {
        connection.lock();
        try {
            List<String> targets = random.nextInt(4) == 0 ? groups : List.of(groups.get(random.nextInt(groups.size())));
            ServiceLevel service = ServiceLevel.values()[1 + random.nextInt(targets.size() > 1 ? 2 : 5)];
            RecordedSession.Sent sent = recorded.send(id, service, random.nextInt(8) == 0, targets, PATIENCE);
            if (sent == RecordedSession.Sent.UNANSWERED) {
                lost = true;
            }
            return sent == RecordedSession.Sent.ACKNOWLEDGED;
        } finally {
            connection.unlock();
        }
    }

    /** Leaves a group or joins one; either may have been so already. */
    private void move() {
        String group = groups.get(random.nextInt(groups.size()));
        connection.lock();
        try {
            recorded.session()
                    .send(
                            random.nextBoolean()
                                    ? new GroupOperation.Leave(group, 0)
                                    : new GroupOperation.Join(group, null, null, null, null, 0))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            moves.incrementAndGet();
        } catch (ExecutionException e) {
            obstacle = "move refused: " + e.getCause();
        } catch (TimeoutException e) {
            lost = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            connection.unlock();
        }
    }

    private void readOn() {
        while (reading && failure == null) {
            if (lost) {
                reconnect();
            }
            try {
                recorded.read(POLL);
            } catch (RuntimeException e) {
                obstacle = "cut: " + e;
                lost = true;
            }
        }
    }

    private void reconnect() {
        recorded.session().abort();
        connection.lock();
        try {
            recorded.giveUp();
            ChildProcess.await(name + " to go on", Duration.ofSeconds(60), this::goOn);
            lost = false;
        } finally {
            connection.unlock();
        }
    }

    /** Tries the next gateway; false if it cannot be had now. */
    private boolean goOn() {
        gateway++;
        try {
            resume();
            return true;
        } catch (Refused e) {
            if (e.code() == ErrorCode.SESSION_ENDED) {
                ended.add(recorded.history(Ending.GONE));
                connectAnew();
                return true;
            }
            // An earlier attempt of its own that was given up may come later than this one.
            if (!e.isTemporary() && e.code() != ErrorCode.STALE_EPOCH) {
                throw e;
            }
            obstacle = "resume refused: " + e.getMessage();
            return false;
        } catch (RuntimeException | AssertionError e) {
            // Nobody listens there, or nobody answers.
            obstacle = "no resume: " + e;
            return false;
        }
    }

    private void resume() {
        TestSession before = recorded.session();
        switch (surface) {
            case WS_JSON, WS_CBOR ->
                recorded.resumed(sessions.resume(surface, nextGateway(), before.connected(), recorded.newest()));
            case HTTP ->
                recorded.resumed(sessions.resumePolling(nextGateway(), before.connected(), recorded.newest()), true);
            case SSE -> {
                String lastEventId = ((SseSession) before).lastEventId();
                SseSession stream = sessions.resumeStream(nextGateway(), before.connected(), lastEventId);
                recorded.resumed(
                        stream,
                        stream.resumed().orTimeout(10, TimeUnit.SECONDS).join().recovered());
            }
        }
    }

    private void connectAnew() {
        ChildProcess.await(name + " to connect", Duration.ofSeconds(60), () -> {
            try {
                TestSession session = sessions.connect(surface, nextGateway(), (String) null);
                recorded = new RecordedSession(session);
                return true;
            } catch (RuntimeException | AssertionError e) {
                gateway++;
                return false;
            }
        });
        ChildProcess.await(name + " to join", Duration.ofSeconds(60), () -> {
            try {
                groups.forEach(recorded.session()::join);
                return true;
            } catch (RuntimeException | AssertionError e) {
                return false;
            }
        });
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** How many joins and leaves were done. */
    long moves() {
        return moves.get();
    }

    /** For how long nothing was acknowledged. */
    Duration silence() {
        return Duration.ofNanos(silenceNanos());
    }

    private long silenceNanos() {
        return System.nanoTime() - newestNanos;
    }

    Duration longestSilence() {
        return Duration.ofNanos(longestSilenceNanos.get());
    }

    /** How many sessions ended because they were not resumed in time. */
    int sessionsEnded() {
        return ended.size();
    }

    /** Ends the test if the member could not go on. */
    void requireUnharmed() {
        Throwable harm = failure;
        if (harm != null) {
            throw new AssertionError(name + " over " + surface + ": " + harm.getMessage(), harm);
        }
    }

    void stopSending() {
        sending = false;
        join(threads.getFirst());
    }

    /** Waits until a message of its own to itself has come in each domain: what it sent before is ordered, or never is. */
    void awaitOwnMarks(String mark) {
        groups.stream()
                .map(group -> group.contains("/") ? group.substring(0, group.indexOf('/') + 1) : "")
                .distinct()
                .forEach(domain -> awaitOwnMark(mark, domain));
    }

    private void awaitOwnMark(String mark, String domain) {
        ChildProcess.await("the mark of " + name, Duration.ofSeconds(60), () -> {
            requireUnharmed();
            connection.lock();
            try {
                RecordedSession session = recorded;
                List<String> targets =
                        List.of(domain + "nobody", session.session().privateGroup());
                return !lost
                        && session.send(
                                        mark + "-" + name + "-" + ++messages,
                                        ServiceLevel.AGREED,
                                        false,
                                        targets,
                                        PATIENCE)
                                == RecordedSession.Sent.ACKNOWLEDGED;
            } finally {
                connection.unlock();
            }
        });
        String last = mark + "-" + name + "-" + messages;
        try {
            ChildProcess.await("the mark of " + name + " to come back", Duration.ofSeconds(60), () -> {
                requireUnharmed();
                return recorded.hasReceived(last);
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + state(), e);
        }
    }

    private String state() {
        return "session " + recorded.session().connected().session() + " over " + surface + " at "
                + nextGateway() + (lost ? " has lost its connection" : " is connected") + ", newest place "
                + recorded.newest() + ", last obstacle: " + obstacle;
    }

    /** All its sessions, the last one with everything that was to come. */
    List<SessionHistory> histories() {
        reading = false;
        join(threads.getLast());
        requireUnharmed();
        List<SessionHistory> all = new ArrayList<>(ended);
        all.add(recorded.history(Ending.DRAINED));
        return all;
    }

    private static void join(Thread thread) {
        try {
            if (!thread.join(Duration.ofSeconds(70))) {
                throw new AssertionError(thread.getName() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void close() {
        sending = false;
        reading = false;
        try {
            recorded.session().close();
        } finally {
            sessions.close();
        }
    }
}
