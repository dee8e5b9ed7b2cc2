package dev.convene.gateway.core.session;

import dev.convene.gateway.core.Access;
import dev.convene.gateway.core.ConnectRequest;
import dev.convene.gateway.core.GatewayCounters;
import dev.convene.gateway.core.Opened;
import dev.convene.gateway.core.ReaderKind;
import dev.convene.gateway.core.ResumeRequest;
import dev.convene.gateway.core.delivery.Adoption;
import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.life.GatewayLife;
import dev.convene.gateway.core.log.Logs;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.At;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Begins sessions and takes them up again. Thread-safe. */
public final class Opening {
    private static final String UNRECOVERED =
            "what the session has missed is no longer kept; resume it, and it goes on with what comes from then on";

    private final Tail tail;
    private final Attaching attaching;
    private final CoreSettings settings;
    private final Scheduler scheduler;
    private final Tokens tokens;
    private final GatewayCounters counters;
    private final Admission resumes;
    private final AtomicLong names = new AtomicLong();

    public Opening(
            Tail tail,
            Attaching attaching,
            CoreSettings settings,
            Scheduler scheduler,
            Tokens tokens,
            GatewayCounters counters) {
        this.tail = tail;
        this.attaching = attaching;
        this.settings = settings;
        this.scheduler = scheduler;
        this.tokens = tokens;
        this.counters = counters;
        this.resumes = new Admission(
                settings.resumesUnderWay(),
                settings.resumesPerSecondMin(),
                2 * settings.limits().sessionsMax(),
                scheduler);
    }

    /** Begins a session. */
    public CompletableFuture<Opened<Answer.Connected>> connect(GatewayLife life, ConnectRequest request) {
        String name = request.operation().name();
        if (name == null) {
            String given =
                    "c" + Long.toString(life.incarnation(), 36) + "-" + Long.toString(names.incrementAndGet(), 36);
            name = Tenants.qualify(request.principal().tenant(), given);
        } else if (!Tenants.isSessionName(name)) {
            throw new ConveneException(ErrorCode.ILLEGAL_NAME, "connect.name", ErrorCode.ILLEGAL_NAME.advice());
        }
        Long grace = request.operation().graceMs();
        int graceMs = grace == null
                ? settings.limits().graceMs()
                : (int) Math.min(grace, settings.limits().graceMs());
        String token = tokens.next();
        byte[] hash = Tokens.hash(token);
        String privateGroup = Tenants.privateGroup(name, settings.name());
        boolean membership = request.operation().membership();
        return life.ask(
                        new SessionCommand.Connect(
                                name,
                                hash,
                                membership,
                                graceMs,
                                settings.limits().sessionsMax()),
                        settings.attachTimeoutMs(),
                        late -> abandon(life, late))
                .thenCompose(reply -> {
                    if (!(reply instanceof SessionReply.Connected connected)) {
                        return CompletableFuture.failedFuture(new ConveneException(ErrorCode.INTERNAL));
                    }
                    SessionIdentity identity = new SessionIdentity(
                            connected.session(),
                            connected.epoch(),
                            life.incarnation(),
                            privateGroup,
                            membership,
                            graceMs,
                            hash);
                    return begin(life, request, token, identity, connected.domains());
                });
    }

    private CompletableFuture<Opened<Answer.Connected>> begin(
            GatewayLife life,
            ConnectRequest request,
            String token,
            SessionIdentity identity,
            List<SessionReply.Domain> domains) {
        LocalSession session = serve(life, identity, request.principal().access(), request.reader());
        List<CompletableFuture<List<At>>> places = new ArrayList<>();
        byPartition(domains)
                .forEach((partition, here) ->
                        places.add(tail.adopt(session, partition, false, null, attaching.deadlineMs())
                                .thenApply(adoption -> {
                                    attaching.adopted(session, here, adoption);
                                    return at(here, adoption.liveAfter());
                                })));
        return all(places)
                .thenApply(at -> {
                    session.progress().raise(at);
                    return at;
                })
                .thenApply(at -> new Opened<>(
                        session,
                        new Answer.Connected(
                                identity.text(),
                                token,
                                identity.privateGroup(),
                                settings.name(),
                                at,
                                settings.limits(),
                                settings.version())))
                .whenComplete((opened, e) -> {
                    if (e != null) {
                        stop(life, session);
                        life.ask(new SessionCommand.Close(identity.id(), identity.epoch()));
                    }
                });
    }

    private LocalSession serve(GatewayLife life, SessionIdentity identity, Access access, ReaderKind reader) {
        LocalSession session = new LocalSession(
                identity,
                access,
                reader,
                settings.limits(),
                counters.tenants().of(identity.tenant()),
                scheduler.nowMs());
        life.serve(session);
        return session;
    }

    private void stop(GatewayLife life, LocalSession session) {
        life.forget(session, CloseCode.GATEWAY_LOST, new ConveneException(ErrorCode.UNAVAILABLE));
        tail.park(session);
    }

    /** A session whose client was told that it cannot be had. */
    public void abandon(GatewayLife life, LocalSession session) {
        stop(life, session);
        life.ask(new SessionCommand.Close(
                session.identity().id(), session.identity().epoch()));
    }

    /** The client was told that the outcome is unknown: nobody holds the session. */
    private static void abandon(GatewayLife life, SessionReply late) {
        switch (late) {
            case SessionReply.Connected c -> life.ask(new SessionCommand.Close(c.session(), c.epoch()));
            case SessionReply.Resumed r -> life.ask(new SessionCommand.Suspend(r.session(), r.epoch()));
            default -> {}
        }
    }

    /** Takes a session up again, when its turn has come; what cannot be recovered is said in the answer. */
    public CompletableFuture<Opened<Answer.Resumed>> resume(GatewayLife life, ResumeRequest request) {
        return resume(life, request, false);
    }

    /** The same for a request that is told nothing of it: refused if its session cannot be recovered. */
    public CompletableFuture<LocalSession> takeOver(GatewayLife life, ResumeRequest request) {
        return resume(life, request, true).thenApply(Opened::session);
    }

    private CompletableFuture<Opened<Answer.Resumed>> resume(
            GatewayLife life, ResumeRequest request, boolean onlyRecovered) {
        long id = SessionIds.parse(request.operation().session());
        return resumes.admit(() -> resume(life, request, id, onlyRecovered));
    }

    private CompletableFuture<Opened<Answer.Resumed>> resume(
            GatewayLife life, ResumeRequest request, long id, boolean onlyRecovered) {
        byte[] hash = Tokens.hash(request.operation().token());
        String tenant = request.principal().tenant();
        return life.ask(
                        new SessionCommand.Resume(id, hash, tenant),
                        settings.attachTimeoutMs(),
                        late -> abandon(life, late))
                .thenCompose(reply -> {
                    if (!(reply instanceof SessionReply.Resumed resumed)) {
                        return CompletableFuture.failedFuture(new ConveneException(ErrorCode.INTERNAL));
                    }
                    SessionIdentity identity = new SessionIdentity(
                            id,
                            resumed.epoch(),
                            life.incarnation(),
                            Tenants.privateGroup(resumed.name(), resumed.gateway()),
                            resumed.membership(),
                            resumed.graceMs(),
                            hash);
                    return takeUp(life, request, identity, resumed.domains(), onlyRecovered);
                });
    }

    private record Taken(List<String> domains, Adoption adoption) {}

    private CompletableFuture<Opened<Answer.Resumed>> takeUp(
            GatewayLife life,
            ResumeRequest request,
            SessionIdentity identity,
            List<SessionReply.Domain> domains,
            boolean onlyRecovered) {
        LocalSession session = serve(life, identity, request.principal().access(), request.reader());
        List<At> given = request.operation().at();
        List<CompletableFuture<List<Taken>>> places = new ArrayList<>();
        byPartition(domains).forEach((partition, here) -> {
            Position from = newest(given, here);
            places.add(tail.adopt(session, partition, true, from, attaching.deadlineMs())
                    .thenApply(adoption -> {
                        attaching.adopted(session, here, adoption);
                        return List.of(new Taken(here, adoption));
                    }));
        });
        return all(places)
                .thenApply(taken -> goOn(session, given, taken, onlyRecovered))
                .whenComplete((opened, e) -> {
                    if (e != null) {
                        stop(life, session);
                        life.ask(new SessionCommand.Suspend(identity.id(), identity.epoch()));
                    }
                });
    }

    /** All or nothing: what one partition cannot give again makes the session begin anew in all. */
    private Opened<Answer.Resumed> goOn(
            LocalSession session, List<At> given, List<Taken> taken, boolean onlyRecovered) {
        boolean recovered = given.stream()
                        .allMatch(at -> at.epoch()
                                .equals(tail.at(at.domain(), at.position()).epoch()))
                && taken.stream().allMatch(one -> one.adoption.recoverable());
        if (!recovered && onlyRecovered) {
            throw new ConveneException(ErrorCode.NOT_RECOVERED, null, UNRECOVERED);
        }
        List<At> at = new ArrayList<>();
        for (Taken one : taken) {
            at.addAll(at(one.domains, recovered ? one.adoption.missedAfter() : one.adoption.liveAfter()));
        }
        session.progress().raise(at);
        if (recovered) {
            counters.resumesRecovered.increment();
            tail.recover(session);
        } else {
            counters.resumesNotRecovered.increment();
            tail.goLive(session);
        }
        return new Opened<>(
                session,
                new Answer.Resumed(
                        recovered, session.id(), session.privateGroup(), settings.name(), at, settings.limits()));
    }

    private List<At> at(List<String> domains, Position position) {
        return domains.stream().map(domain -> tail.at(domain, position)).toList();
    }

    /** A partition is one stream: whoever has something of it has everything before, of all domains there. */
    private static @Nullable Position newest(List<At> given, List<String> domains) {
        Position newest = null;
        for (At at : given) {
            if (domains.contains(at.domain())
                    && (newest == null || at.position().isAfter(newest))) {
                newest = at.position();
            }
        }
        return newest;
    }

    private static Map<Integer, List<String>> byPartition(List<SessionReply.Domain> domains) {
        Map<Integer, List<String>> byPartition = new LinkedHashMap<>();
        for (SessionReply.Domain domain : domains) {
            if (domain.log().equals(Logs.GROUPS)) {
                byPartition
                        .computeIfAbsent(domain.partition(), partition -> new ArrayList<>())
                        .add(domain.domain());
            }
        }
        return byPartition;
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<List<T>>> parts) {
        return CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
                .thenApply(nothing -> {
                    List<T> all = new ArrayList<>();
                    parts.forEach(part -> all.addAll(part.join()));
                    return all;
                });
    }
}
