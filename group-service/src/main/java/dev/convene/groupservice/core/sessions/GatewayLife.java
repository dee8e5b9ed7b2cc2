package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.Effects;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One life of a gateway, from its registration until it is lost. */
final class GatewayLife {
    /** The registration of a life of the same name that another process has superseded. */
    record Registration(long incarnation, long nonce) {}

    private final long incarnation;
    private final String name;
    private final long nonce;
    private final List<Registration> superseded;
    private final Set<LogPartition> attached = new LinkedHashSet<>();
    /** The sessions that it serves and those that were suspended with it, by id. */
    private final NavigableMap<Long, Session> sessions = new TreeMap<>();

    private boolean ready;
    private long heardAt;

    /** @param superseded the registrations that this one has superseded, oldest first */
    GatewayLife(long incarnation, String name, long nonce, List<Registration> superseded) {
        this.incarnation = incarnation;
        this.name = name;
        this.nonce = nonce;
        this.superseded = List.copyOf(superseded);
        this.heardAt = incarnation;
    }

    long incarnation() {
        return incarnation;
    }

    String name() {
        return name;
    }

    long nonce() {
        return nonce;
    }

    /** The superseded registration with this nonce, if there is one: its process asks again. */
    @Nullable Registration superseded(long otherNonce) {
        for (Registration earlier : superseded) {
            if (earlier.nonce == otherNonce) {
                return earlier;
            }
        }
        return null;
    }

    /** What the life that supersedes this one has to recognise: the newest registrations, this one last. */
    List<Registration> supersededWithThis() {
        List<Registration> all = new ArrayList<>(superseded);
        all.add(new Registration(incarnation, nonce));
        int tooMany = Math.max(0, all.size() - SessionLimits.SUPERSEDED_KEPT_MAX);
        return all.subList(tooMany, all.size());
    }

    /** Whether its commands count in the sessions log: it was attached there. */
    boolean isReady() {
        return ready;
    }

    void ready() {
        ready = true;
    }

    /** A command of this life stands at this offset. */
    void heard(long offset) {
        heardAt = offset;
    }

    /** The offset of its last command. */
    long heardAt() {
        return heardAt;
    }

    /** Makes its commands count in a partition, if they do not yet. */
    void attachTo(LogPartition partition, Effects effects) {
        if (attached.add(partition)) {
            effects.tell(partition.log(), partition.partition(), new SessionEvent.GatewayAttached(incarnation, name));
        }
    }

    /** Where its commands count, in the order in which it came there. */
    Collection<LogPartition> attached() {
        return Collections.unmodifiableCollection(attached);
    }

    Collection<Session> sessions() {
        return Collections.unmodifiableCollection(sessions.values());
    }

    int sessionCount() {
        return sessions.size();
    }

    void add(Session session) {
        sessions.put(session.id(), session);
    }

    void remove(Session session) {
        sessions.remove(session.id());
    }

    void write(Encoder out) {
        out.varlong(incarnation).string(name).fixed64(nonce).flag(ready).varlong(heardAt);
        out.varint(superseded.size());
        superseded.forEach(earlier -> out.varlong(earlier.incarnation).fixed64(earlier.nonce));
        out.varint(attached.size());
        attached.forEach(place -> out.string(place.log()).varint(place.partition()));
    }

    static GatewayLife read(Decoder in) {
        long incarnation = in.varlong();
        String name = in.string();
        long nonce = in.fixed64();
        boolean ready = in.flag();
        long heardAt = in.varlong();
        List<Registration> earlier = new ArrayList<>();
        int count = in.count(9);
        for (int i = 0; i < count; i++) {
            earlier.add(new Registration(in.varlong(), in.fixed64()));
        }
        GatewayLife life = new GatewayLife(incarnation, name, nonce, earlier);
        life.ready = ready;
        life.heardAt = heardAt;
        int places = in.count(2);
        for (int i = 0; i < places; i++) {
            life.attached.add(new LogPartition(in.string(), in.varint()));
        }
        return life;
    }
}
