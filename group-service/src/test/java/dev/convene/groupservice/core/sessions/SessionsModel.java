package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.SessionEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the sessions log promises, said as plainly as possible and without any thought of speed. */
final class SessionsModel {
    /** A session that is alive. */
    static final class Alive {
        final long id;
        final String privateName;
        final int token;
        final int graceMs;
        final Set<String> domains = new TreeSet<>();
        int epoch = 1;
        long incarnation;
        /** Whether its own connection was lost; then {@code endsMs} is its own. */
        boolean suspended;
        /** Whether it waits since its gateway was lost. */
        boolean stranded;
        /** The longest time of those that wait together with it. */
        int keptMs;
        /** Served time at which it ends; -1 stands for a time that begins with the next tick. */
        long endsMs = Long.MAX_VALUE;

        Alive(long id, String privateName, int token, int graceMs, long incarnation) {
            this.id = id;
            this.privateName = privateName;
            this.token = token;
            this.graceMs = graceMs;
            this.incarnation = incarnation;
            domains.add("default");
        }
    }

    final Map<Long, Alive> alive = new TreeMap<>();
    final Map<Long, String> gateways = new TreeMap<>();
    final List<GroupPartition.Ended> ended = new ArrayList<>();
    private long nowMs;

    /** An earlier life of the same name is lost by it. */
    void register(long incarnation, String name) {
        List<Long> earlier = gateways.keySet().stream()
                .filter(life -> gateways.get(life).equals(name))
                .toList();
        earlier.forEach(this::lose);
        gateways.put(incarnation, name);
    }

    void lose(long incarnation) {
        if (gateways.remove(incarnation) == null) {
            return;
        }
        List<Alive> together = alive.values().stream()
                .filter(session -> session.incarnation == incarnation && !session.suspended)
                .toList();
        int longestMs =
                together.stream().mapToInt(session -> session.graceMs).max().orElse(0);
        for (Alive session : together) {
            session.stranded = true;
            session.keptMs = longestMs;
            session.endsMs = -1;
            if (longestMs == 0) {
                end(session, SessionEnd.GATEWAY);
            }
        }
    }

    ErrorCode mayConnect(long incarnation, String name, int sessionsMax) {
        String privateName = "#" + name + "#" + gateways.get(incarnation);
        if (alive.values().stream().anyMatch(session -> session.privateName.equals(privateName))) {
            return ErrorCode.NAME_NOT_UNIQUE;
        }
        long served = alive.values().stream()
                .filter(session -> session.incarnation == incarnation)
                .count();
        return served >= sessionsMax ? ErrorCode.TOO_MANY_SESSIONS : null;
    }

    void connect(long id, long incarnation, String name, int token, int graceMs) {
        String privateName = "#" + name + "#" + gateways.get(incarnation);
        alive.put(id, new Alive(id, privateName, token, graceMs, incarnation));
    }

    ErrorCode mayResume(long id, int token) {
        Alive session = alive.get(id);
        if (session == null) {
            return ErrorCode.SESSION_ENDED;
        }
        return session.token == token ? null : ErrorCode.WRONG_TOKEN;
    }

    void resume(long id, long incarnation) {
        Alive session = alive.get(id);
        session.epoch++;
        session.incarnation = incarnation;
        session.suspended = false;
        session.stranded = false;
        session.endsMs = Long.MAX_VALUE;
    }

    /** Whether this life may speak for the session under this epoch. */
    ErrorCode mayAskFor(long id, int epoch, long incarnation) {
        Alive session = alive.get(id);
        if (session == null) {
            return ErrorCode.SESSION_ENDED;
        }
        return session.epoch == epoch && session.incarnation == incarnation ? null : ErrorCode.STALE_EPOCH;
    }

    void suspend(long id) {
        Alive session = alive.get(id);
        if (session.suspended) {
            return;
        }
        if (session.graceMs == 0) {
            end(session, SessionEnd.EXPIRED);
            return;
        }
        session.suspended = true;
        session.endsMs = -1;
    }

    void close(long id) {
        end(alive.get(id), SessionEnd.CLOSED);
    }

    void attach(long id, String domain) {
        alive.get(id).domains.add(domain);
    }

    void tick(long ms, int gatewayGraceMs) {
        nowMs += ms;
        for (Alive session : List.copyOf(alive.values())) {
            if (session.endsMs == -1) {
                session.endsMs =
                        nowMs + (session.stranded ? Math.min(gatewayGraceMs, session.keptMs) : session.graceMs);
            }
            if (session.endsMs <= nowMs) {
                end(session, session.stranded ? SessionEnd.GATEWAY : SessionEnd.EXPIRED);
            }
        }
    }

    private void end(Alive session, SessionEnd end) {
        alive.remove(session.id);
        ended.add(new GroupPartition.Ended(session.id, end));
    }
}
