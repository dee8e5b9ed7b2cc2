package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.Names;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import dev.convene.runtime.Change;
import dev.convene.runtime.Effects;
import dev.convene.runtime.Request;
import dev.convene.runtime.SessionEnd;
import dev.convene.runtime.ShardContext;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Decides which gateway lives count, and what becomes of the sessions of one that does not any longer. */
final class Registrations {
    private final Gateways gateways;
    private final Sessions sessions;
    private final Domains domains;
    private final ShardContext context;
    private final SessionsListener listener;

    Registrations(
            Gateways gateways, Sessions sessions, Domains domains, ShardContext context, SessionsListener listener) {
        this.gateways = gateways;
        this.sessions = sessions;
        this.domains = domains;
        this.context = context;
        this.listener = listener;
    }

    /**
     * The newest process of a name wins. What cannot be a registration is ignored: it comes from nobody who could be
     * answered. A repetition gets the same answer again, also that of a process that was superseded.
     */
    Change register(SessionCommand.RegisterGateway c, Request request) {
        long offset = request.position().offset();
        GatewayLife present = gateways.live(c.gateway());
        if (!Names.isGatewayName(c.gateway()) || gateways.live(offset) != null) {
            return Change.nothing(request);
        }
        if (present == null) {
            return gateways.isFull()
                    ? Change.nothing(request)
                    : effects -> begin(new GatewayLife(offset, c.gateway(), c.nonce(), List.of()), effects);
        }
        if (present.nonce() == c.nonce()) {
            return effects -> {
                present.heard(offset);
                if (present.isReady()) {
                    pushRegistered(present.incarnation(), present.nonce(), effects);
                }
            };
        }
        GatewayLife.Registration superseded = present.superseded(c.nonce());
        if (superseded != null) {
            return effects -> {
                pushRegistered(superseded.incarnation(), superseded.nonce(), effects);
                pushLost(superseded.incarnation(), true, effects);
            };
        }
        return effects -> {
            loseAndTell(present, c.graceMs(), true, effects);
            begin(new GatewayLife(offset, c.gateway(), c.nonce(), present.supersededWithThis()), effects);
        };
    }

    private void begin(GatewayLife life, Effects effects) {
        gateways.add(life);
        life.attachTo(SessionsShard.OWN_PARTITION, effects);
        attachToDefaultDomain(life, effects);
        listener.happened(new SessionFact.GatewayRegistered(effects.position(), life.name(), life.incarnation()));
    }

    private void attachToDefaultDomain(GatewayLife life, Effects effects) {
        SessionReply.Domain home = domains.find(SessionsShard.GROUPS_LOG, Names.DEFAULT_DOMAIN);
        if (home != null) {
            life.attachTo(Domains.partitionOf(home), effects);
        }
    }

    /** The commands of this life count in the sessions log from now on: only now is its registration answered. */
    void attached(long incarnation, Effects effects) {
        GatewayLife life = gateways.live(incarnation);
        if (life != null) {
            life.ready();
            pushRegistered(life.incarnation(), life.nonce(), effects);
        }
    }

    private static void pushRegistered(long incarnation, long nonce, Effects effects) {
        effects.push(incarnation, incarnation, new SessionReply.GatewayRegistered(incarnation, nonce).toBytes());
    }

    private static void pushLost(long incarnation, boolean superseded, Effects effects) {
        effects.push(incarnation, incarnation, new SessionReply.GatewayDeclaredLost(incarnation, superseded).toBytes());
    }

    /** A process that was not told its incarnation yet learns it first, so that it knows that it is meant. */
    private void loseAndTell(GatewayLife life, int graceMs, boolean superseded, Effects effects) {
        lose(life, graceMs, effects);
        if (!life.isReady()) {
            pushRegistered(life.incarnation(), life.nonce(), effects);
        }
        pushLost(life.incarnation(), superseded, effects);
    }

    /** The life says goodbye. */
    Change unregister(GatewayLife life, SessionCommand.UnregisterGateway c, Request request) {
        return effects -> {
            effects.answer(request, Answer.ok(request.position(), new SessionReply.Done().toBytes()));
            lose(life, c.graceMs(), effects);
        };
    }

    /** The owner has missed the life's beats; void if the life has been heard of since the owner looked. */
    Change declareLost(SessionCommand.DeclareGatewayLost c, Request request) {
        GatewayLife life = gateways.live(c.incarnation());
        if (life == null || life.heardAt() >= c.asOf()) {
            return Change.nothing(request);
        }
        return effects -> loseAndTell(life, c.graceMs(), false, effects);
    }

    /** The first declaration of a log counts. */
    Change declareLog(SessionCommand.DeclareLog c, Request request) {
        boolean isLegal = Names.isGroupName(c.log())
                && c.log().length() <= SessionLimits.LOG_NAME_MAX
                && c.partitions() >= 1
                && c.partitions() <= SessionLimits.PARTITIONS_MAX;
        if (!isLegal || domains.isDeclared(c.log()) || !domains.hasRoomForLog()) {
            return Change.nothing(request);
        }
        return effects -> {
            domains.declare(c.log(), c.partitions());
            if (c.log().equals(SessionsShard.GROUPS_LOG)) {
                gateways.live().forEach(life -> attachToDefaultDomain(life, effects));
            }
        };
    }

    /**
     * From here on the life does not count; the sessions that it serves wait for their resume together: for the longest of
     * their own times, so that each has its own, and no longer than {@code graceMsMax}.
     */
    private void lose(GatewayLife life, int graceMsMax, Effects effects) {
        gateways.remove(life);
        SessionEvent lost = new SessionEvent.GatewayLost(life.incarnation());
        life.attached().forEach(place -> effects.tell(place.log(), place.partition(), lost));
        List<Session> served = new ArrayList<>(life.sessions());
        served.removeIf(session -> session.standing() != Standing.SERVED);
        listener.happened(
                new SessionFact.GatewayLost(effects.position(), life.name(), life.incarnation(), served.size()));
        if (served.isEmpty()) {
            return;
        }
        int longestMs = served.stream().mapToInt(Session::graceMs).max().orElse(0);
        int graceMs = Math.min(graceMsMax, longestMs);
        if (graceMs == 0) {
            expire(life.incarnation(), served, effects);
            return;
        }
        long timer = context.after(graceMs, SessionsShard.GATEWAY_GRACE, life.incarnation());
        StrandedSessions stranded = new StrandedSessions(life.incarnation(), timer);
        gateways.add(stranded);
        for (Session session : served) {
            session.strand();
            stranded.add(session);
        }
    }

    /** The grace period of a lost life is over. */
    void graceOver(long incarnation, Effects effects) {
        StrandedSessions stranded = gateways.strandedBy(incarnation);
        if (stranded != null) {
            gateways.remove(stranded);
            expire(incarnation, List.copyOf(stranded.sessions()), effects);
        }
    }

    /** Ends these sessions together: one record for each partition where any of them is attached. */
    private void expire(long incarnation, List<Session> together, Effects effects) {
        NavigableMap<LogPartition, List<Session>> byPartition = new TreeMap<>();
        for (Session session : together) {
            sessions.remove(session);
            for (LogPartition place : session.partitions()) {
                byPartition.computeIfAbsent(place, p -> new ArrayList<>()).add(session);
            }
            listener.happened(new SessionFact.SessionEnded(
                    effects.position(), session.id(), session.privateName(), SessionEnd.GATEWAY));
        }
        byPartition.forEach((place, there) -> {
            long[] ids = there.stream().mapToLong(Session::id).toArray();
            effects.tell(place.log(), place.partition(), new SessionEvent.GatewayExpired(incarnation, ids));
        });
    }
}
