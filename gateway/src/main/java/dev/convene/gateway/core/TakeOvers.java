package dev.convene.gateway.core;

import dev.convene.gateway.core.life.GatewayLife;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.session.Opening;
import dev.convene.gateway.core.session.SessionIds;
import dev.convene.gateway.core.session.Tokens;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.SessionOperation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the sessions of clients that have no connection, and takes over those that are served elsewhere. Thread-safe. */
final class TakeOvers {
    private final Opening opening;
    private final Scheduler scheduler;
    /**
     * @param at the newest positions that the client has
     * @param reads whether it will take what waits, so that nobody else may
     */
    record Asked(String session, String token, List<At> at, Principal principal, boolean reads) {}

    /** A session as somebody of a tenant asks for it, whosever it is. */
    private record Wanted(String tenant, long id) {}

    private final Map<Wanted, CompletableFuture<LocalSession>> underWay = new ConcurrentHashMap<>();

    TakeOvers(Opening opening, Scheduler scheduler) {
        this.opening = opening;
        this.scheduler = scheduler;
    }

    /** See {@link Gateway#session}. */
    CompletableFuture<LocalSession> session(GatewayLife life, Asked asked) {
        long id = SessionIds.parse(asked.session);
        LocalSession local = life.session(id);
        // Whoever asks for a session of another tenant is answered by the sessions log, as for one that is nowhere.
        if (local != null && local.closed() == null && local.tenant().equals(asked.principal.tenant())) {
            if (!Tokens.matches(asked.token, local.identity())) {
                throw new ConveneException(ErrorCode.WRONG_TOKEN);
            }
            if (!asked.reads || local.reader() == ReaderKind.REQUESTS) {
                local.touch(scheduler.nowMs());
                return CompletableFuture.completedFuture(local);
            }
        }
        return takeOver(life, id, new SessionOperation.Resume(asked.session, asked.token, asked.at), asked.principal);
    }

    /** Requests of one client that come together share one resume. */
    private CompletableFuture<LocalSession> takeOver(
            GatewayLife life, long id, SessionOperation.Resume operation, Principal principal) {
        Wanted wanted = new Wanted(principal.tenant(), id);
        CompletableFuture<LocalSession> made = new CompletableFuture<>();
        CompletableFuture<LocalSession> other = underWay.putIfAbsent(wanted, made);
        if (other != null) {
            return other.thenApply(session -> {
                if (!Tokens.matches(operation.token(), session.identity())) {
                    throw new ConveneException(ErrorCode.WRONG_TOKEN);
                }
                return session;
            });
        }
        opening.takeOver(life, new ResumeRequest(operation, principal, ReaderKind.REQUESTS))
                .whenComplete((session, e) -> {
                    underWay.remove(wanted, made);
                    if (session == null) {
                        made.completeExceptionally(e == null ? new ConveneException(ErrorCode.INTERNAL) : e);
                    } else {
                        made.complete(session);
                    }
                });
        return made;
    }
}
