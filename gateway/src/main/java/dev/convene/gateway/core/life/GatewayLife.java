package dev.convene.gateway.core.life;

import dev.convene.gateway.core.log.Logs;
import dev.convene.gateway.core.request.Outlet;
import dev.convene.gateway.core.request.Reply;
import dev.convene.gateway.core.request.Requester;
import dev.convene.gateway.core.request.Window;
import dev.convene.gateway.core.request.WindowBounds;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One life of the gateway: the sessions that it serves and the requests that it makes for itself. Everything of it is void
 * when it was declared lost. Thread-safe.
 */
public final class GatewayLife {
    /** As many as a partition keeps answers. */
    private static final int OWN_REQUESTS_MAX = 1024;
    /** Answers of the sessions log may be deleted before they are read, by a process that stood still. */
    private static final long SESSIONS_ANSWER_WAIT_MS = 1500;
    /** How long a request may wait behind others before it is sent. */
    private static final long SESSIONS_TURN_WAIT_MS = 30_000;

    private final long incarnation;
    private final Outlet outlet;
    private final CoreSettings settings;
    private final Window sessionsLog;
    private final SessionsAsked asked;
    private final Map<Long, LocalSession> sessions = new ConcurrentHashMap<>();
    /** The gateway's own requests, by partition of the group log. */
    private final Map<Integer, Window> own = new ConcurrentHashMap<>();

    private volatile @Nullable ConveneException over;
    /** Offset of the newest answer of the sessions log, and up to where that was confirmed; -1 before the first. */
    private final AtomicLong sessionsAnswered = new AtomicLong(-1);

    private final AtomicLong sessionsConfirmed = new AtomicLong(-1);

    GatewayLife(long incarnation, Outlet outlet, CoreSettings settings) {
        this.incarnation = incarnation;
        this.outlet = outlet;
        this.settings = settings;
        this.sessionsLog = outlet.window(
                requester(),
                Logs.SESSIONS,
                0,
                1,
                new WindowBounds(OWN_REQUESTS_MAX, ErrorCode.OVERLOADED, SESSIONS_ANSWER_WAIT_MS));
        // All sessions may be lost and come back at the same time.
        this.asked = new SessionsAsked(
                sessionsLog,
                outlet.scheduler(),
                OWN_REQUESTS_MAX,
                2 * settings.limits().sessionsMax(),
                SESSIONS_TURN_WAIT_MS,
                settings.requestTimeoutMs());
    }

    public long incarnation() {
        return incarnation;
    }

    private Requester requester() {
        return new Requester(incarnation, incarnation, 0);
    }

    /** Whether it counts as far as this process knows. */
    public boolean isOver() {
        return over != null;
    }

    /** The session with this number if it is served in this life. */
    public @Nullable LocalSession session(long id) {
        return sessions.get(id);
    }

    public Collection<LocalSession> sessions() {
        return sessions.values();
    }

    /** Serves a session from now on, in place of an earlier epoch of it. */
    public void serve(LocalSession session) {
        LocalSession before = sessions.put(session.identity().id(), session);
        if (before != null) {
            before.close(CloseCode.STALE);
            before.domains().close(new ConveneException(ErrorCode.STALE_EPOCH));
        }
        ConveneException ended = over;
        if (ended != null) {
            forget(session, CloseCode.GATEWAY_LOST, ended);
        }
    }

    /**
     * Stops serving a session.
     *
     * @return whether it was served until now
     */
    public boolean forget(LocalSession session, CloseCode why, ConveneException refusal) {
        sessions.remove(session.identity().id(), session);
        boolean was = session.close(why);
        session.domains().close(refusal);
        return was;
    }

    /** Asks the sessions log. */
    public CompletableFuture<SessionReply> ask(SessionCommand command) {
        return ask(command, settings.requestTimeoutMs(), reply -> {});
    }

    /** @param late gets a reply that comes after the future has failed with an unknown outcome */
    public CompletableFuture<SessionReply> ask(SessionCommand command, long timeoutMs, Consumer<SessionReply> late) {
        CompletableFuture<SessionReply> result = new CompletableFuture<>();
        asked.submit(command.toBytes(), timeoutMs, new Reply() {
            @Override
            public void answered(Answer answer) {
                ErrorCode error = answer.error();
                if (error == null) {
                    result.complete(SessionReply.read(answer.body()));
                } else {
                    result.completeExceptionally(new ConveneException(error));
                }
            }

            @Override
            public void failed(ConveneException e) {
                result.completeExceptionally(e);
            }

            @Override
            public void late(Answer answer) {
                if (answer.isOk()) {
                    late.accept(SessionReply.read(answer.body()));
                }
            }
        });
        return result;
    }

    /**
     * The sessions log has answered a request of this life.
     *
     * @return whether the life's numbers match those of the log
     */
    boolean answered(long number, long ref, Answer answer) {
        sessionsAnswered.accumulateAndGet(answer.at().offset(), Math::max);
        return sessionsLog.answered(number, ref, answer);
    }

    /**
     * The sessions log has passed over a request of this life, or repeats its answer.
     *
     * @return whether the life's numbers match those of the log
     */
    boolean outOfTurn(long number, long ref, long lastNumber) {
        return sessionsLog.outOfTurn(number, ref, lastNumber);
    }

    /**
     * Says that the sessions log can forget its answers up to here; null if nothing has come since it was said last. Of the
     * newest record more may be on its way.
     */
    public LogEntry.@Nullable Confirmations sessionsSeen() {
        long upTo = sessionsAnswered.get() - 1;
        if (upTo < 0 || sessionsConfirmed.getAndSet(upTo) >= upTo) {
            return null;
        }
        Position position = new Position(upTo, Integer.MAX_VALUE);
        return new LogEntry.Confirmations(incarnation, List.of(new LogEntry.Confirmation(incarnation, 0, position)));
    }

    /** The window of the gateway's own requests to a partition where it is attached. */
    public Window own(int partition) {
        Window window = own.computeIfAbsent(
                partition,
                p -> outlet.window(
                        requester(), Logs.GROUPS, p, 1, new WindowBounds(OWN_REQUESTS_MAX, ErrorCode.OVERLOADED, 0)));
        ConveneException ended = over;
        if (ended != null) {
            window.close(ended);
        }
        return window;
    }

    /** Finds who waits for an answer from a partition of the group log. */
    @Nullable Window window(long requester, int epoch, int partition) {
        if (requester == incarnation) {
            return own.get(partition);
        }
        LocalSession session = sessions.get(requester);
        return session == null || epoch >= 0 && session.identity().epoch() != epoch
                ? null
                : session.domains().window(partition);
    }

    /** Tells clients whose time is over. */
    void sweep() {
        asked.sweep();
        own.values().forEach(Window::sweep);
        sessions.values().forEach(session -> session.domains().sweep());
    }

    /** Ends it: everything open is refused, all readers are told to come back. */
    void end(ConveneException reason, CloseCode closeCode) {
        over = reason;
        for (LocalSession session : sessions.values()) {
            forget(session, closeCode, reason);
        }
        own.values().forEach(window -> window.close(reason));
        asked.close(reason);
    }
}
