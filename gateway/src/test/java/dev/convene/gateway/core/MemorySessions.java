package dev.convene.gateway.core;

import dev.convene.gateway.core.log.AnswerLog;
import dev.convene.gateway.core.log.Logs;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The sessions log as far as gateways see it: decides at once, tells the group log, answers. */
final class MemorySessions {
    private static final class Known {
        String name = "";
        String gateway = "";
        byte[] hash = {};
        int epoch = 1;
        long incarnation;
        boolean membership;
        int graceMs;
        final Map<String, Integer> domains = new LinkedHashMap<>();
    }

    final Map<String, Integer> domains = new LinkedHashMap<>();
    final List<SessionCommand> heard = new ArrayList<>();
    private final MemoryLogs logs;
    private final List<AnswerLog.Listener> listeners = new ArrayList<>();
    private final Map<Long, String> gateways = new HashMap<>();
    private final Map<Long, TreeSet<Integer>> attached = new HashMap<>();
    private final Map<Long, Known> sessions = new HashMap<>();
    /** Nonces of processes whose name another one has. */
    private final Set<Long> superseded = new HashSet<>();

    private final Map<Long, Long> nonces = new HashMap<>();
    private long ids = 100;
    private long effects;

    MemorySessions(MemoryLogs logs) {
        this.logs = logs;
        domains.put(Names.DEFAULT_DOMAIN, 0);
        logs.sessions = (entry, to) -> take(entry);
    }

    void listen(AnswerLog.Listener listener) {
        listeners.remove(listener);
        listeners.add(listener);
    }

    private void take(LogEntry entry) {
        switch (entry) {
            case LogEntry.Unasked e -> register((SessionCommand.RegisterGateway) SessionCommand.read(e.body()));
            case LogEntry.Commands e -> e.commands().forEach(this::command);
            case LogEntry.Confirmations e -> confirmed.add(e);
            default -> throw new IllegalStateException(entry.toString());
        }
    }

    /** What gateways have said that they have. */
    final List<LogEntry.Confirmations> confirmed = new ArrayList<>();

    /** The last number that was taken of each gateway life. */
    final Map<Long, Long> numbers = new HashMap<>();

    private long offset;

    private void register(SessionCommand.RegisterGateway c) {
        if (superseded.contains(c.nonce())) {
            return;
        }
        long incarnation = ++ids;
        nonces.put(incarnation, c.nonce());
        gateways.put(incarnation, c.gateway());
        push(incarnation, new SessionReply.GatewayRegistered(incarnation, c.nonce()));
    }

    private void push(long incarnation, SessionReply reply) {
        for (AnswerLog.Listener listener : List.copyOf(listeners)) {
            listener.push(incarnation, reply.toBytes());
        }
    }

    private void command(LogEntry.Command command) {
        Origin origin = command.origin();
        long last = numbers.getOrDefault(origin.incarnation(), 0L);
        if (origin.number() != last + 1) {
            outOfTurn(origin, last);
            return;
        }
        numbers.put(origin.incarnation(), origin.number());
        SessionCommand read = SessionCommand.read(command.body());
        heard.add(read);
        Object answer = decide(read, origin.incarnation());
        Position at = Position.of(++offset);
        Answer told = answer instanceof SessionReply reply
                ? Answer.ok(at, reply.toBytes())
                : Answer.error((ErrorCode) answer, at);
        for (AnswerLog.Listener listener : List.copyOf(listeners)) {
            listener.answer(
                    Logs.SESSIONS, 0, origin.incarnation(), origin.requester(), origin.number(), origin.ref(), told);
        }
    }

    private void outOfTurn(Origin origin, long last) {
        for (AnswerLog.Listener listener : List.copyOf(listeners)) {
            long incarnation = origin.incarnation();
            listener.outOfTurn(Logs.SESSIONS, incarnation, incarnation, origin.number(), origin.ref(), last);
            if (origin.number() <= last) {
                Answer forgotten = Answer.error(ErrorCode.REQUEST_FORGOTTEN, Position.of(++offset));
                listener.answer(Logs.SESSIONS, 0, incarnation, incarnation, origin.number(), origin.ref(), forgotten);
            }
        }
    }

    private Object decide(SessionCommand command, long incarnation) {
        return switch (command) {
            case SessionCommand.AttachGateway c
            when !c.settles() && !domains.containsKey(c.domain()) -> new SessionReply.Done();
            case SessionCommand.AttachGateway c -> {
                int partition = settle(c.domain());
                attach(incarnation, partition);
                yield new SessionReply.Attached(new SessionReply.Domain(Logs.GROUPS, c.domain(), partition));
            }
            case SessionCommand.Connect c -> connect(c, incarnation);
            case SessionCommand.Attach c -> {
                Known session = sessions.get(c.session());
                yield session == null ? ErrorCode.SESSION_ENDED : attached(c.session(), session, c.domain());
            }
            case SessionCommand.Resume c -> resume(c, incarnation);
            case SessionCommand.Suspend c -> {
                tellAll(c.session(), new SessionEvent.SessionSuspended(c.session(), c.epoch()));
                yield new SessionReply.Done();
            }
            case SessionCommand.Close c -> {
                end(c.session());
                yield new SessionReply.Done();
            }
            case SessionCommand.UnregisterGateway c -> new SessionReply.Done();
            default -> ErrorCode.FORBIDDEN;
        };
    }

    void end(long session) {
        tellAll(session, new SessionEvent.SessionEnded(session, false));
        sessions.remove(session);
    }

    /** Declares a gateway life lost, in the group log and to the gateway. */
    void declareLost(long incarnation, boolean superseded) {
        if (superseded) {
            this.superseded.add(nonces.getOrDefault(incarnation, 0L));
        }
        tell(0, new SessionEvent.GatewayLost(incarnation));
        push(incarnation, new SessionReply.GatewayDeclaredLost(incarnation, superseded));
    }

    /** Whoever superseded others is gone. */
    void freeNames() {
        superseded.clear();
    }

    int settle(String domain) {
        return domains.computeIfAbsent(domain, d -> domains.size() % logs.groups.size());
    }

    private void attach(long incarnation, int partition) {
        if (attached.computeIfAbsent(incarnation, i -> new TreeSet<>()).add(partition)) {
            String name = gateways.getOrDefault(incarnation, "?");
            tell(partition, new SessionEvent.GatewayAttached(incarnation, name));
        }
    }

    private Object connect(SessionCommand.Connect c, long incarnation) {
        String gateway = gateways.getOrDefault(incarnation, "?");
        for (Known known : sessions.values()) {
            if (known.name.equals(c.name()) && known.gateway.equals(gateway)) {
                return ErrorCode.NAME_NOT_UNIQUE;
            }
        }
        Known session = new Known();
        long id = ++ids;
        session.name = c.name();
        session.gateway = gateway;
        session.hash = c.tokenHash();
        session.incarnation = incarnation;
        session.membership = c.membership();
        session.graceMs = c.graceMs();
        sessions.put(id, session);
        attached(id, session, Tenants.defaultDomainOf(c.name()));
        return new SessionReply.Connected(id, 1, domainsOf(session));
    }

    private SessionReply.Attached attached(long id, Known session, String domain) {
        int partition = settle(domain);
        attach(session.incarnation, partition);
        if (!session.domains.containsValue(partition)) {
            String privateName = Tenants.privateGroup(session.name, session.gateway);
            tell(
                    partition,
                    new SessionEvent.SessionAttached(
                            id, session.epoch, session.incarnation, privateName, session.membership));
        }
        session.domains.put(domain, partition);
        return new SessionReply.Attached(new SessionReply.Domain(Logs.GROUPS, domain, partition));
    }

    private static List<SessionReply.Domain> domainsOf(Known session) {
        List<SessionReply.Domain> all = new ArrayList<>();
        session.domains.forEach((name, partition) -> all.add(new SessionReply.Domain(Logs.GROUPS, name, partition)));
        return all;
    }

    private Object resume(SessionCommand.Resume c, long incarnation) {
        Known session = sessions.get(c.session());
        if (session == null || !Tenants.tenantOf(session.name).equals(c.tenant())) {
            return ErrorCode.SESSION_ENDED;
        }
        if (!Arrays.equals(session.hash, c.tokenHash())) {
            return ErrorCode.WRONG_TOKEN;
        }
        session.epoch++;
        session.incarnation = incarnation;
        session.domains.values().forEach(partition -> attach(incarnation, partition));
        tellAll(c.session(), new SessionEvent.SessionResumed(c.session(), session.epoch, incarnation));
        return new SessionReply.Resumed(
                c.session(),
                session.name,
                session.gateway,
                session.membership,
                session.graceMs,
                session.epoch,
                domainsOf(session));
    }

    private void tellAll(long id, SessionEvent event) {
        @Nullable Known session = sessions.get(id);
        if (session != null) {
            new TreeSet<>(session.domains.values()).forEach(partition -> tell(partition, event));
        }
    }

    private void tell(int partition, SessionEvent event) {
        Encoder body = new Encoder();
        event.write(body);
        LogEntry.Forward forward = new LogEntry.Forward(Position.of(++effects), true, body.toBytes());
        logs.write(partition, null, new LogEntry.Forwards(Logs.SESSIONS, 0, "e", List.of(forward)).toBytes());
    }
}
