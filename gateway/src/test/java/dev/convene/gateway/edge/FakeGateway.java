package dev.convene.gateway.edge;

import dev.convene.gateway.core.ConnectRequest;
import dev.convene.gateway.core.Gateway;
import dev.convene.gateway.core.Opened;
import dev.convene.gateway.core.Principal;
import dev.convene.gateway.core.ReaderKind;
import dev.convene.gateway.core.Received;
import dev.convene.gateway.core.ResumeRequest;
import dev.convene.gateway.core.TenantCounters;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.session.SessionIdentity;
import dev.convene.gateway.core.session.SessionIds;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.At;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.SessionOperation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A gateway without logs: sessions are objects, whatever is asked is done at once unless a test says otherwise. */
public final class FakeGateway implements Gateway {
    /** Where the next thing happens. */
    public static final At AT = new At("default", "e-0", Position.of(7));

    private static final Scheduler TIMER = new Scheduler() {
        @Override
        public long nowMs() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        }

        @Override
        public long nowNanos() {
            return System.nanoTime();
        }

        @Override
        public long wallMs() {
            return System.currentTimeMillis();
        }

        @Override
        public Delayed after(long delayMs, Runnable task) {
            CompletableFuture<Void> delayed =
                    CompletableFuture.runAsync(task, CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS));
            return () -> delayed.cancel(false);
        }
    };

    public volatile Limits limits = Limits.DEFAULT;
    public volatile boolean ready = true;
    public volatile boolean superseded;
    public volatile Map<Integer, Long> halted = Map.of();
    /** What becomes of what is asked. */
    public volatile Function<ClientOperation, CompletableFuture<Answer>> calls =
            operation -> CompletableFuture.completedFuture(
                    operation instanceof SessionOperation ? Answer.Done.DONE : Answer.Accepted.at(AT));
    /** Completed before a session opens. */
    public volatile CompletableFuture<Void> opening = CompletableFuture.completedFuture(null);

    public final List<ClientOperation> asked = new CopyOnWriteArrayList<>();
    /** Who asked for sessions and without one. */
    public final List<Principal> principals = new CopyOnWriteArrayList<>();

    public final List<LocalSession> suspended = new CopyOnWriteArrayList<>();
    public final Map<String, LocalSession> sessions = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong(100);

    /** The one session that there is. */
    public LocalSession only() {
        return sessions.values().iterator().next();
    }

    @Override
    public String name() {
        return "gw1";
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public int retryAfterMs(ErrorCode code) {
        return 1300;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public boolean isSuperseded() {
        return superseded;
    }

    @Override
    public Map<Integer, Long> haltedShards() {
        return halted;
    }

    @Override
    public CompletableFuture<Opened<Answer.Connected>> connect(ConnectRequest request) {
        principals.add(request.principal());
        asked.add(request.operation());
        if (!ready) {
            return CompletableFuture.failedFuture(new ConveneException(ErrorCode.STARTING));
        }
        return opening.thenApply(_ -> {
            LocalSession session = open(ids.incrementAndGet(), 1, request.principal(), request.reader());
            return new Opened<>(
                    session,
                    new Answer.Connected(
                            session.id(),
                            token(session.id()),
                            session.privateGroup(),
                            name(),
                            List.of(AT),
                            limits,
                            "t"));
        });
    }

    @Override
    public CompletableFuture<Opened<Answer.Resumed>> resume(ResumeRequest request) {
        principals.add(request.principal());
        asked.add(request.operation());
        String id = request.operation().session();
        return opening.thenApply(_ -> {
            check(id, request.operation().token());
            LocalSession before = sessions.get(id);
            int epoch = before == null ? 2 : before.identity().epoch() + 1;
            LocalSession session = open(SessionIds.parse(id), epoch, request.principal(), request.reader());
            if (before != null) {
                before.close(CloseCode.STALE);
            }
            List<At> at = request.operation().at();
            return new Opened<>(session, new Answer.Resumed(true, id, session.privateGroup(), name(), at, limits));
        });
    }

    private LocalSession open(long id, int epoch, Principal principal, ReaderKind reader) {
        SessionIdentity identity =
                new SessionIdentity(id, epoch, 1, "#s" + id + "#gw1", true, limits.graceMs(), new byte[32]);
        LocalSession session = new LocalSession(identity, principal.access(), reader, limits, new TenantCounters(), 0);
        sessions.put(session.id(), session);
        return session;
    }

    /** The token of a session. */
    public static String token(String session) {
        return "token-of-" + session;
    }

    private static void check(String session, String token) {
        if (!token.equals(token(session))) {
            throw new ConveneException(ErrorCode.WRONG_TOKEN);
        }
    }

    @Override
    public CompletableFuture<LocalSession> session(String session, String token, List<At> at, Principal principal) {
        principals.add(principal);
        try {
            long id = SessionIds.parse(session);
            check(session, token);
            // One that is not here lives on another gateway.
            LocalSession here = sessions.get(session);
            return CompletableFuture.completedFuture(here != null ? here : open(id, 2, principal, ReaderKind.REQUESTS));
        } catch (ConveneException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<LocalSession> reading(String session, String token, List<At> at, Principal principal) {
        return session(session, token, at, principal);
    }

    @Override
    public CompletableFuture<Answer> call(LocalSession session, ClientOperation operation) {
        asked.add(operation);
        if (operation instanceof SessionOperation.Close) {
            sessions.remove(session.id());
            session.close(CloseCode.SESSION_ENDED);
        }
        return calls.apply(operation);
    }

    @Override
    public CompletableFuture<Answer> call(Principal principal, GroupOperation operation) {
        principals.add(principal);
        asked.add(operation);
        return calls.apply(operation);
    }

    @Override
    public CompletableFuture<Received> next(LocalSession session, SessionOperation.Receive operation) {
        return receive(session, operation);
    }

    @Override
    public CompletableFuture<Received> receive(LocalSession session, SessionOperation.Receive operation) {
        asked.add(operation);
        int waitMs = Math.min(operation.waitMs(), limits.waitMsMax());
        return session.longPoll()
                .receive(new SessionOperation.Receive(waitMs, operation.limit(), operation.seen()), TIMER);
    }

    @Override
    public void suspended(LocalSession session) {
        suspended.add(session);
    }
}
