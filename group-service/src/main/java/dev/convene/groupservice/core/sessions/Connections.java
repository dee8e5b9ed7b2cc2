package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import dev.convene.runtime.Change;
import dev.convene.runtime.Effects;
import dev.convene.runtime.Request;
import dev.convene.runtime.SessionEnd;
import dev.convene.runtime.ShardContext;
import org.jspecify.annotations.Nullable;

/** Decides what gateways ask for their sessions: connect, resume, suspend, close and the attachment to domains. */
final class Connections {
    private final Gateways gateways;
    private final Sessions sessions;
    private final Domains domains;
    private final ShardContext context;
    private final SessionsListener listener;
    private final SessionIds ids = new SessionIds();

    Connections(
            Gateways gateways, Sessions sessions, Domains domains, ShardContext context, SessionsListener listener) {
        this.gateways = gateways;
        this.sessions = sessions;
        this.domains = domains;
        this.context = context;
        this.listener = listener;
    }

    /** Begins in the default domain of its tenant. One that could not be answered makes no session: nobody would know of it. */
    Change connect(GatewayLife life, SessionCommand.Connect c, Request request) {
        if (!request.isAnswered()) {
            return Change.nothing(request);
        }
        String home = Tenants.defaultDomainOf(c.name());
        ErrorCode refusal = whyNotConnect(life, c, home, request);
        if (refusal != null) {
            return Change.refuse(request, refusal);
        }
        return effects -> {
            Session session = new Session(
                    ids.next(request.position()),
                    c.name(),
                    life.name(),
                    c.tokenHash(),
                    c.membership(),
                    c.graceMs(),
                    life.incarnation());
            sessions.add(session);
            life.add(session);
            attach(session, life, domains.settle(SessionsShard.GROUPS_LOG, home), effects);
            answer(request, new SessionReply.Connected(session.id(), session.epoch(), session.domains()), effects);
            listener.happened(new SessionFact.SessionConnected(
                    effects.position(), session.id(), session.privateName(), life.name()));
        };
    }

    private @Nullable ErrorCode whyNotConnect(
            GatewayLife life, SessionCommand.Connect c, String home, Request request) {
        if (!domains.isDeclared(SessionsShard.GROUPS_LOG)) {
            return ErrorCode.UNAVAILABLE;
        }
        if (!Tenants.isSessionName(c.name())) {
            return ErrorCode.ILLEGAL_NAME;
        }
        if (c.tokenHash().length != SessionLimits.TOKEN_HASH_BYTES || c.graceMs() > SessionLimits.GRACE_MAX_MS) {
            return ErrorCode.BAD_FIELD;
        }
        if (sessions.isTaken(Tenants.privateGroup(c.name(), life.name()))) {
            return ErrorCode.NAME_NOT_UNIQUE;
        }
        if (life.sessionCount() >= c.sessionsMax() || isFull(life) || sessions.isFull()) {
            return ErrorCode.TOO_MANY_SESSIONS;
        }
        if (hasNoRoomFor(SessionsShard.GROUPS_LOG, home)) {
            return ErrorCode.TOO_MANY_DOMAINS;
        }
        return ids.areLeft(request.position()) ? null : ErrorCode.OVERLOADED;
    }

    private static boolean isFull(GatewayLife life) {
        return life.sessionCount() >= SessionLimits.SESSIONS_PER_GATEWAY_MAX;
    }

    /** Raises the epoch and moves the session to the asking life, in every partition where it is attached. */
    Change resume(GatewayLife life, SessionCommand.Resume c, Request request) {
        Session session = sessions.find(c.session());
        // Sessions of other tenants are not there for it, whatever the token is.
        if (session == null || !session.isOf(c.tenant())) {
            return Change.refuse(request, ErrorCode.SESSION_ENDED);
        }
        if (!session.hasTokenHash(c.tokenHash())) {
            return Change.refuse(request, ErrorCode.WRONG_TOKEN);
        }
        if (session.incarnation() != life.incarnation() && isFull(life)) {
            return Change.refuse(request, ErrorCode.TOO_MANY_SESSIONS);
        }
        return effects -> {
            release(session);
            session.resume(life.incarnation());
            life.add(session);
            for (LogPartition place : session.partitions()) {
                life.attachTo(place, effects);
                effects.tell(
                        place.log(),
                        place.partition(),
                        new SessionEvent.SessionResumed(session.id(), session.epoch(), life.incarnation()));
            }
            answer(request, resumed(session), effects);
            listener.happened(new SessionFact.SessionResumed(
                    effects.position(), session.id(), session.privateName(), life.name()));
        };
    }

    private static SessionReply resumed(Session session) {
        return new SessionReply.Resumed(
                session.id(),
                session.name(),
                session.gateway(),
                session.membership(),
                session.graceMs(),
                session.epoch(),
                session.domains());
    }

    Change suspend(GatewayLife life, SessionCommand.Suspend c, Request request) {
        Session session = sessions.find(c.session());
        if (session == null || !session.isServedBy(life.incarnation(), c.epoch())) {
            return Change.refuse(request, whyNotServed(session));
        }
        if (session.standing() != Standing.SERVED) {
            return done(request);
        }
        if (session.graceMs() == 0) {
            return effects -> {
                end(session, SessionEnd.EXPIRED, effects);
                answer(request, new SessionReply.Done(), effects);
            };
        }
        return effects -> {
            session.suspend(context.after(session.graceMs(), SessionsShard.SESSION_GRACE, session.id()));
            tellSuspended(session, effects);
            answer(request, new SessionReply.Done(), effects);
        };
    }

    private void tellSuspended(Session session, Effects effects) {
        SessionEvent event = new SessionEvent.SessionSuspended(session.id(), session.epoch());
        session.partitions().forEach(place -> effects.tell(place.log(), place.partition(), event));
        listener.happened(new SessionFact.SessionSuspended(effects.position(), session.id(), session.privateName()));
    }

    Change close(GatewayLife life, SessionCommand.Close c, Request request) {
        Session session = sessions.find(c.session());
        if (session == null || !session.isServedBy(life.incarnation(), c.epoch())) {
            return Change.refuse(request, whyNotServed(session));
        }
        return effects -> {
            end(session, SessionEnd.CLOSED, effects);
            answer(request, new SessionReply.Done(), effects);
        };
    }

    /** The grace period of a session that was suspended on its own is over. */
    void graceOver(long id, Effects effects) {
        Session session = sessions.find(id);
        if (session != null && session.standing() == Standing.SUSPENDED) {
            end(session, SessionEnd.EXPIRED, effects);
        }
    }

    private void end(Session session, SessionEnd end, Effects effects) {
        release(session);
        sessions.remove(session);
        SessionEvent event = new SessionEvent.SessionEnded(session.id(), end == SessionEnd.EXPIRED);
        session.partitions().forEach(place -> effects.tell(place.log(), place.partition(), event));
        listener.happened(new SessionFact.SessionEnded(effects.position(), session.id(), session.privateName(), end));
    }

    /** Takes the session away from the life that serves it, or from those that wait for their end. */
    private void release(Session session) {
        GatewayLife life = gateways.live(session.incarnation());
        if (life != null) {
            life.remove(session);
        }
        switch (session.standing()) {
            case SERVED -> {}
            case SUSPENDED -> context.cancel(session.graceTimer());
            case STRANDED -> {
                StrandedSessions stranded = gateways.strandedBy(session.incarnation());
                if (stranded != null) {
                    stranded.remove(session);
                    if (stranded.isEmpty()) {
                        context.cancel(stranded.graceTimer());
                        gateways.remove(stranded);
                    }
                }
            }
        }
    }

    Change attach(GatewayLife life, SessionCommand.Attach c, Request request) {
        Session session = sessions.find(c.session());
        if (session == null || !session.isServedBy(life.incarnation(), c.epoch())) {
            return Change.refuse(request, whyNotServed(session));
        }
        ErrorCode refusal = Tenants.areOfOne(session.name(), c.domain())
                ? whyNoDomain(c.log(), c.domain())
                : ErrorCode.ILLEGAL_GROUP_NAME;
        if (refusal != null) {
            return Change.refuse(request, refusal);
        }
        SessionReply.Domain domain = domains.place(c.log(), c.domain());
        if (session.isAttachedTo(domain)) {
            return effects -> answer(request, new SessionReply.Attached(domain), effects);
        }
        if (!session.hasRoomForDomain()) {
            return Change.refuse(request, ErrorCode.TOO_MANY_DOMAINS);
        }
        return effects -> {
            attach(session, life, domains.settle(c.log(), c.domain()), effects);
            answer(request, new SessionReply.Attached(domain), effects);
        };
    }

    /** The life first, then the session; what is suspended is so in the new partition too. */
    private static void attach(Session session, GatewayLife life, SessionReply.Domain domain, Effects effects) {
        LogPartition place = Domains.partitionOf(domain);
        life.attachTo(place, effects);
        if (!session.attach(domain)) {
            return;
        }
        effects.tell(
                place.log(),
                place.partition(),
                new SessionEvent.SessionAttached(
                        session.id(),
                        session.epoch(),
                        session.incarnation(),
                        session.privateName(),
                        session.membership()));
        if (session.standing() == Standing.SUSPENDED) {
            effects.tell(
                    place.log(), place.partition(), new SessionEvent.SessionSuspended(session.id(), session.epoch()));
        }
    }

    Change attachGateway(GatewayLife life, SessionCommand.AttachGateway c, Request request) {
        if (!c.settles() && domains.find(c.log(), c.domain()) == null) {
            return done(request);
        }
        ErrorCode refusal = whyNoDomain(c.log(), c.domain());
        if (refusal != null) {
            return Change.refuse(request, refusal);
        }
        return effects -> {
            SessionReply.Domain domain = domains.settle(c.log(), c.domain());
            life.attachTo(Domains.partitionOf(domain), effects);
            answer(request, new SessionReply.Attached(domain), effects);
        };
    }

    private @Nullable ErrorCode whyNoDomain(String log, String domain) {
        if (!Tenants.isDomainName(domain)) {
            return ErrorCode.ILLEGAL_GROUP_NAME;
        }
        if (!domains.isDeclared(log)) {
            return ErrorCode.UNAVAILABLE;
        }
        return hasNoRoomFor(log, domain) ? ErrorCode.TOO_MANY_DOMAINS : null;
    }

    private boolean hasNoRoomFor(String log, String domain) {
        return domains.isFull() && domains.find(log, domain) == null;
    }

    private static ErrorCode whyNotServed(@Nullable Session session) {
        return session == null ? ErrorCode.SESSION_ENDED : ErrorCode.STALE_EPOCH;
    }

    private static Change done(Request request) {
        return effects -> answer(request, new SessionReply.Done(), effects);
    }

    private static void answer(Request request, SessionReply reply, Effects effects) {
        effects.answer(request, Answer.ok(request.position(), reply.toBytes()));
    }
}
