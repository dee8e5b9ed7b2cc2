package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The live sessions, in the order in which they connected; their addresses are unique. */
final class Sessions {
    private final Map<Long, Session> byId = new LinkedHashMap<>();
    private final Map<String, Session> byPrivateName = new LinkedHashMap<>();

    @Nullable Session find(long id) {
        return byId.get(id);
    }

    boolean isTaken(String privateName) {
        return byPrivateName.containsKey(privateName);
    }

    boolean isFull() {
        return byId.size() >= SessionLimits.SESSIONS_MAX;
    }

    int count() {
        return byId.size();
    }

    Collection<Session> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    void add(Session session) {
        byId.put(session.id(), session);
        byPrivateName.put(session.privateName(), session);
    }

    /** Forgets the session: its name is free again. */
    void remove(Session session) {
        byId.remove(session.id());
        byPrivateName.remove(session.privateName());
    }

    void write(Encoder out) {
        out.varint(byId.size());
        byId.values().forEach(session -> session.write(out));
    }

    void read(Decoder in, Domains domains) {
        int count = in.count(12);
        for (int i = 0; i < count; i++) {
            add(Session.read(in, domains));
        }
    }
}
