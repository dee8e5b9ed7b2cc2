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
    /** A session as somebody of a tenant asks for it, whosever it is. */
    private record Wanted(String tenant, long id) {}

    private final Map<Wanted, CompletableFuture<LocalSession>> underWay = new ConcurrentHashMap<>();

    TakeOvers(Opening opening, Scheduler scheduler) {
        this.opening = opening;
        this.scheduler = scheduler;
    }

    /** See {@link Gateway#session}. */
    CompletableFuture<LocalSession> session(
            GatewayLife life, String session, String token, List<At> at, Principal principal) {
        long id = SessionIds.parse(session);
        LocalSession local = life.session(id);
        // Whoever asks for a session of another tenant is answered by the sessions log, as for one that is nowhere.
        if (local != null && local.closed() == null && local.tenant().equals(principal.tenant())) {
            if (!Tokens.matches(token, local.identity())) {
                throw new ConveneException(ErrorCode.WRONG_TOKEN);
            }
            local.touch(scheduler.nowMs());
            return CompletableFuture.completedFuture(local);
        }
        return takeOver(life, id, new SessionOperation.Resume(session, token, at), principal);
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
