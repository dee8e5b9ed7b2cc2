package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gateway lives that count, one per name, and what lost ones have left behind. */
final class Gateways {
    private final Map<Long, GatewayLife> byIncarnation = new LinkedHashMap<>();
    private final Map<String, GatewayLife> byName = new LinkedHashMap<>();
    private final Map<Long, StrandedSessions> stranded = new LinkedHashMap<>();

    /** The life with this number if it counts. */
    @Nullable GatewayLife live(long incarnation) {
        return byIncarnation.get(incarnation);
    }

    /** The life of this gateway if one counts. */
    @Nullable GatewayLife live(String name) {
        return byName.get(name);
    }

    /** The lives that count, in the order of their registration. */
    Collection<GatewayLife> live() {
        return Collections.unmodifiableCollection(byIncarnation.values());
    }

    boolean isFull() {
        return byIncarnation.size() >= SessionLimits.GATEWAYS_MAX;
    }

    void add(GatewayLife life) {
        byIncarnation.put(life.incarnation(), life);
        byName.put(life.name(), life);
    }

    void remove(GatewayLife life) {
        byIncarnation.remove(life.incarnation());
        byName.remove(life.name());
    }

    /** What the lost life with this number has left behind. */
    @Nullable StrandedSessions strandedBy(long incarnation) {
        return stranded.get(incarnation);
    }

    void add(StrandedSessions sessions) {
        stranded.put(sessions.incarnation(), sessions);
    }

    void remove(StrandedSessions sessions) {
        stranded.remove(sessions.incarnation());
    }

    /** Written before the sessions; which session stands with whom is seen from the sessions. */
    void write(Encoder out) {
        out.varint(byIncarnation.size());
        byIncarnation.values().forEach(life -> life.write(out));
        out.varint(stranded.size());
        stranded.values().forEach(left -> out.varlong(left.incarnation()).varlong(left.graceTimer()));
    }

    void read(Decoder in) {
        int lives = in.count(13);
        for (int i = 0; i < lives; i++) {
            add(GatewayLife.read(in));
        }
        int left = in.count(2);
        for (int i = 0; i < left; i++) {
            add(new StrandedSessions(in.varlong(), in.varlong()));
        }
    }

    /** Puts sessions that were read to the lives that serve or have lost them. */
    void take(Collection<Session> sessions) {
        for (Session session : sessions) {
            if (session.standing() == Standing.STRANDED) {
                StrandedSessions left = stranded.get(session.incarnation());
                if (left == null) {
                    throw new MalformedRecordException("session " + session.id() + " is stranded by nobody");
                }
                left.add(session);
            } else {
                GatewayLife life = byIncarnation.get(session.incarnation());
                if (life != null) {
                    life.add(session);
                }
            }
        }
    }
}
