package dev.convene.groupservice.core.audit;

import dev.convene.groupservice.core.sessions.SessionFact;
import dev.convene.groupservice.core.sessions.SessionsListener;
import dev.convene.groupservice.core.sessions.SessionsShard;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns the facts of the sessions shard into audit facts. */
public final class SessionAudit implements SessionsListener {
    private final AuditLog audit;
    private long offset = -1;
    private int next;

    public SessionAudit(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void happened(SessionFact fact) {
        switch (fact) {
            case SessionFact.GatewayRegistered f ->
                tell(f, "gateway-registered", Map.of("gateway", f.gateway(), "incarnation", f.incarnation()));
            case SessionFact.GatewayLost f ->
                tell(
                        f,
                        "gateway-lost",
                        Map.of("gateway", f.gateway(), "incarnation", f.incarnation(), "stranded", f.stranded()));
            case SessionFact.SessionConnected f ->
                tell(f, "session-connected", session(f.session(), f.privateName(), "gateway", f.gateway()));
            case SessionFact.SessionSuspended f ->
                tell(f, "session-suspended", Map.of("session", f.session(), "name", f.privateName()));
            case SessionFact.SessionResumed f ->
                tell(f, "session-resumed", session(f.session(), f.privateName(), "gateway", f.gateway()));
            case SessionFact.SessionEnded f ->
                tell(
                        f,
                        "session-ended",
                        session(
                                f.session(),
                                f.privateName(),
                                "end",
                                f.end().name().toLowerCase(java.util.Locale.ROOT)));
        }
    }

    private static Map<String, Object> session(long id, String name, String key, String value) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("session", id);
        details.put("name", name);
        details.put(key, value);
        return details;
    }

    private void tell(SessionFact fact, String kind, Map<String, Object> details) {
        if (fact.at().offset() != offset) {
            offset = fact.at().offset();
            next = 0;
        }
        audit.tell(new AuditFact(kind, SessionsShard.LOG, 0, offset, next++, details));
    }
}
