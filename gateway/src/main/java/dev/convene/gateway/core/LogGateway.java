package dev.convene.gateway.core;

import dev.convene.gateway.core.delivery.DeliveryEvents;
import dev.convene.gateway.core.delivery.LifeEvents;
import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.delivery.TailSettings;
import dev.convene.gateway.core.group.GroupCalls;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.life.GatewayLife;
import dev.convene.gateway.core.life.LifeKeeper;
import dev.convene.gateway.core.life.LifeSigns;
import dev.convene.gateway.core.life.OwnDomains;
import dev.convene.gateway.core.log.AnswerLog;
import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.log.LimitedPasses;
import dev.convene.gateway.core.log.LogState;
import dev.convene.gateway.core.log.ReadAhead;
import dev.convene.gateway.core.request.Outlet;
import dev.convene.gateway.core.request.Patience;
import dev.convene.gateway.core.session.Attaching;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.session.Opening;
import dev.convene.gateway.core.session.Tokens;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.At;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.CapabilityOperation;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.protocol.session.SessionCommand;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The gateway over the logs, in which all names are {@linkplain dev.convene.protocol.Tenants qualified}. */
public final class LogGateway implements Gateway, DeliveryEvents, LifeEvents {
    /** So many times what may wait for one reader is read ahead of all. */
    private static final int READ_AHEAD_FACTOR = 8;

    /** What the world is told beside {@link LifeKeeper.Events}. */
    public interface Events extends LifeKeeper.Events {
        /** A shard can no longer be applied. */
        void halted(int partition, long offset, RuntimeException cause);

        /** Something failed that should not; the client was told that it was internal, or was cut. */
        void failed(Throwable cause);
    }

    /**
     * What the gateway stands on.
     *
     * @param state whether the logs can be reached
     * @param random fills an array from a source that nobody can guess
     * @param nonces random numbers
     */
    public record World(
            Appender appender,
            GroupLog groups,
            AnswerLog answers,
            LifeSigns signs,
            LogState state,
            Scheduler scheduler,
            Consumer<byte[]> random,
            LongSupplier nonces) {}

    private static final int SEEN_EVERY_SWEEPS = 5;
    private static final int ENDED_EVERY_SWEEPS = 10;

    private final CoreSettings settings;
    private final Scheduler scheduler;
    private final GatewayCounters counters;
    private final Events events;
    private final LifeKeeper keeper;
    private final Tail tail;
    private final Opening opening;
    private final LimitedPasses groups;
    private final GroupCalls calls;
    private final TakeOvers takeOvers;
    private final Refusals refusals;
    private final Patience patience;
    private final RetryAdvice retries;
    private int sweeps;

    public LogGateway(CoreSettings settings, World world, GatewayCounters counters, Events events) {
        this.settings = settings;
        this.scheduler = world.scheduler();
        this.counters = counters;
        this.events = events;
        Outlet outlet = new Outlet(world.appender(), scheduler);
        this.keeper =
                new LifeKeeper(settings, outlet, world.answers(), world.signs(), world.nonces(), counters, events);
        Limits limits = settings.limits();
        TailSettings tailSettings = new TailSettings(
                limits.queuedBytesMax(),
                settings.ringBytesMax(),
                limits.membersListedMax(),
                settings.resumeBatchMs(),
                settings.catchUpBytesPerSecond());
        this.groups = new LimitedPasses(
                world.groups(), scheduler, new ReadAhead(READ_AHEAD_FACTOR * limits.queuedBytesMax()));
        this.tail = new Tail(groups, scheduler, tailSettings, this, this, keeper, counters);
        Attaching attaching = new Attaching(tail, outlet, settings);
        this.opening = new Opening(tail, attaching, settings, scheduler, new Tokens(world.random()), counters);
        this.takeOvers = new TakeOvers(opening, scheduler);
        this.refusals = new Refusals(events::failed);
        this.patience = new Patience(scheduler, settings.requestTimeoutMs(), world.state());
        this.retries = new RetryAdvice(world.state(), world.nonces());
        this.calls =
                new GroupCalls(groups, tail, outlet, attaching, new OwnDomains(tail), settings, patience, counters);
    }

    /** Registers the gateway and begins to serve. */
    public void start() {
        keeper.start(tail, this::sweep);
    }

    @Override
    public int retryAfterMs(ErrorCode code) {
        return retries.afterMs(code);
    }

    /** Says goodbye; completes when the sessions log has heard it, or cannot be reached. */
    public CompletableFuture<Void> stop() {
        return keeper.stop();
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public Limits limits() {
        return settings.limits();
    }

    @Override
    public boolean isReady() {
        return keeper.servingOrNull() != null;
    }

    @Override
    public boolean isSuperseded() {
        return keeper.isSuperseded();
    }

    @Override
    public Map<Integer, Long> haltedShards() {
        return tail.halted();
    }

    /** Bytes that were read from the log for sessions that catch up, and were not given to them yet. */
    public long readAheadBytes() {
        return groups.ahead().bytes();
    }

    /** Bytes that wait for the readers of all sessions. */
    public long queuedBytes() {
        GatewayLife life = keeper.servingOrNull();
        long bytes = 0;
        if (life != null) {
            for (LocalSession session : life.sessions()) {
                bytes += session.queue().bytes();
            }
        }
        return bytes;
    }

    @Override
    public CompletableFuture<Opened<Answer.Connected>> connect(ConnectRequest request) {
        return refusals.guard(() -> {
            GatewayLife life = keeper.serving();
            // Nobody knows the token of one that comes too late.
            return patience.bound(
                    opening.connect(life, request),
                    ErrorCode.OUTCOME_UNKNOWN,
                    late -> opening.abandon(life, late.session()));
        });
    }

    @Override
    public CompletableFuture<Opened<Answer.Resumed>> resume(ResumeRequest request) {
        return refusals.guard(() -> patience.bound(
                opening.resume(keeper.serving(), request).thenApply(opened -> {
                    if (opened.answer().recovered()) {
                        // What its client has said itself. That it goes on elsewhere it may never hear: then it has to
                        // be told again.
                        calls.confirmations()
                                .reached(opened.session(), request.operation().at());
                    }
                    return opened;
                }),
                ErrorCode.OUTCOME_UNKNOWN,
                late -> suspend(late.session(), CloseCode.GOING_AWAY)));
    }

    @Override
    public CompletableFuture<LocalSession> session(String session, String token, List<At> at, Principal principal) {
        return find(new TakeOvers.Asked(session, token, at, principal, false));
    }

    @Override
    public CompletableFuture<LocalSession> reading(String session, String token, List<At> at, Principal principal) {
        return find(new TakeOvers.Asked(session, token, at, principal, true));
    }

    private CompletableFuture<LocalSession> find(TakeOvers.Asked asked) {
        return refusals.guard(() ->
                patience.bound(takeOvers.session(keeper.serving(), asked), ErrorCode.OUTCOME_UNKNOWN, late -> {}));
    }

    @Override
    public CompletableFuture<Answer> call(LocalSession session, ClientOperation operation) {
        return refusals.guard(() -> {
            session.requireOpen();
            session.touch(scheduler.nowMs());
            return switch (operation) {
                case GroupOperation o -> inTime(calls.call(keeper.serving(), session, o), o);
                case SessionOperation o -> call(session, o);
                case CapabilityOperation o -> throw new ConveneException(ErrorCode.UNKNOWN_OPERATION);
            };
        });
    }

    /** What goes out as a request has its deadline there; what else it takes to look something up has one here. */
    private CompletableFuture<Answer> inTime(CompletableFuture<? extends Answer> answer, GroupOperation operation) {
        CompletableFuture<Answer> plain = answer.thenApply(one -> one);
        return switch (operation) {
            case GroupOperation.Members o -> patience.bound(plain, ErrorCode.UNAVAILABLE, late -> {});
            case GroupOperation.Groups o -> patience.bound(plain, ErrorCode.UNAVAILABLE, late -> {});
            case GroupOperation.History o -> patience.bound(plain, ErrorCode.UNAVAILABLE, late -> {});
            case GroupOperation.Settings o -> {
                boolean asks = o.historyMs() == null && o.historyBytes() == null;
                yield patience.bound(plain, asks ? ErrorCode.UNAVAILABLE : ErrorCode.OUTCOME_UNKNOWN, late -> {});
            }
            default -> plain;
        };
    }

    private CompletableFuture<Answer> call(LocalSession session, SessionOperation operation) {
        return switch (operation) {
            case SessionOperation.Ping o -> done();
            case SessionOperation.Poll o ->
                CompletableFuture.completedFuture(new Answer.Waiting(
                        session.queue().count(), session.queue().bytes()));
            case SessionOperation.Seen o -> {
                calls.confirmations().requireKnown(session, o.at(), "seen.at");
                session.progress().raise(o.at());
                calls.confirmations().seen(session, o.at());
                yield done();
            }
            case SessionOperation.Close o -> close(session);
            case SessionOperation.Connect o -> throw new ConveneException(ErrorCode.ALREADY_CONNECTED);
            case SessionOperation.Resume o -> throw new ConveneException(ErrorCode.ALREADY_CONNECTED);
            case SessionOperation.Receive o -> throw new ConveneException(ErrorCode.UNKNOWN_OPERATION);
        };
    }

    private static CompletableFuture<Answer> done() {
        return CompletableFuture.completedFuture(Answer.Done.DONE);
    }

    private CompletableFuture<Answer> close(LocalSession session) {
        GatewayLife life = keeper.serving();
        CompletableFuture<Answer> result = new CompletableFuture<>();
        // What was asked for before stands before the end.
        CompletableFuture<?> asked = calls.settled(session)
                .thenCompose(nothing -> life.ask(new SessionCommand.Close(
                        session.identity().id(), session.identity().epoch())));
        patience.bound(asked, ErrorCode.OUTCOME_UNKNOWN, late -> {}).whenComplete((reply, e) -> {
            if (e != null) {
                result.completeExceptionally(e);
                return;
            }
            // The answer first, then the connection's end.
            result.complete(Answer.Done.DONE);
            life.forget(session, CloseCode.NORMAL, new ConveneException(ErrorCode.SESSION_ENDED));
            tail.park(session);
        });
        return result;
    }

    @Override
    public CompletableFuture<Answer> call(Principal principal, GroupOperation operation) {
        return refusals.guard(
                () -> inTime(calls.open().call(keeper.serving(), principal.access(), operation), operation));
    }

    @Override
    public CompletableFuture<Received> receive(LocalSession session, SessionOperation.Receive operation) {
        return refusals.guard(() -> {
            session.requireOpen();
            calls.confirmations().requireKnown(session, operation.seen(), "receive.seen");
            calls.confirmations().seen(session, operation.seen());
            if (operation.seen().isEmpty()) {
                calls.confirmations().reached(session, session.longPoll().given());
            }
            return take(session, operation);
        });
    }

    @Override
    public CompletableFuture<Received> next(LocalSession session, SessionOperation.Receive operation) {
        return refusals.guard(() -> {
            session.requireOpen();
            return take(session, operation);
        });
    }

    private CompletableFuture<Received> take(LocalSession session, SessionOperation.Receive operation) {
        session.touch(scheduler.nowMs());
        int waitMs = Math.min(operation.waitMs(), settings.limits().waitMsMax());
        SessionOperation.Receive bounded = new SessionOperation.Receive(waitMs, operation.limit(), operation.seen());
        CompletableFuture<Received> poll = session.longPoll().receive(bounded, scheduler);
        CompletableFuture<Received> answer = new CompletableFuture<>();
        poll.whenComplete((received, e) -> {
            session.touch(scheduler.nowMs());
            ConveneException refusal = session.refusal();
            if (e != null || refusal != null && received.pushes().isEmpty()) {
                answer.completeExceptionally(e != null ? e : refusal);
            } else if (!answer.complete(received)) {
                session.longPoll().untake(received);
            }
        });
        return Refusals.cancelling(answer, poll);
    }

    @Override
    public void suspended(LocalSession session) {
        suspend(session, CloseCode.GOING_AWAY);
    }

    private void suspend(LocalSession session, CloseCode why) {
        GatewayLife life = keeper.servingOrNull();
        if (life == null || session.identity().incarnation() != life.incarnation()) {
            session.close(why);
            return;
        }
        if (life.forget(session, why, new ConveneException(ErrorCode.NOT_CONNECTED))) {
            tail.park(session);
            life.ask(new SessionCommand.Suspend(
                    session.identity().id(), session.identity().epoch()));
        }
    }

    // Told by the tail

    @Override
    public void cut(LocalSession session, CloseCode why) {
        if (why == CloseCode.SLOW_READER) {
            counters.slowReaders.increment();
        }
        // Not here: the edge is told to close, and a request goes out.
        scheduler.after(0, () -> suspend(session, why));
    }

    @Override
    public void gone(LocalSession session, CloseCode why) {
        ErrorCode refusal = why == CloseCode.STALE ? ErrorCode.STALE_EPOCH : ErrorCode.SESSION_ENDED;
        scheduler.after(0, () -> {
            GatewayLife life = keeper.servingOrNull();
            if (life == null) {
                session.close(why);
            } else {
                life.forget(session, why, new ConveneException(refusal));
            }
        });
    }

    @Override
    public void ownLifeLost() {
        scheduler.after(0, keeper::lostInLog);
    }

    @Override
    public void ownRequestsOutOfStep() {
        scheduler.after(0, keeper::renew);
    }

    @Override
    public void failed(Throwable cause) {
        events.failed(cause);
    }

    @Override
    public void halted(int partition, long offset, RuntimeException cause) {
        events.halted(partition, offset, cause);
    }

    private void sweep() {
        sweeps++;
        patience.sweep();
        GatewayLife life = keeper.servingOrNull();
        if (life == null) {
            return;
        }
        if (sweeps % SEEN_EVERY_SWEEPS == 0) {
            calls.confirmations().flush(life);
        }
        if (sweeps % ENDED_EVERY_SWEEPS == 0) {
            tail.sweep();
            long before = scheduler.nowMs() - settings.idleMs();
            for (LocalSession session : life.sessions()) {
                boolean idle = session.reader() == ReaderKind.REQUESTS
                        && session.lastSignMs() < before
                        && !session.longPoll().isWaiting()
                        && !session.replies().isWaiting();
                if (idle) {
                    suspend(session, CloseCode.NO_PONG);
                }
            }
        }
    }
}
