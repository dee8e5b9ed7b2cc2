package dev.convene.gateway.core.group;

import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.life.GatewayLife;
import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.Logs;
import dev.convene.gateway.core.request.Window;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.session.SessionIdentity;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.LogEntry;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What clients of sessions say that they have, passed on to the partitions in batches. Thread-safe. */
public final class Confirmations {
    private final Tail tail;
    private final SeenBatch seen;

    Confirmations(Tail tail, Appender appender) {
        this.tail = tail;
        this.seen = new SeenBatch(appender);
    }

    /** Refuses positions that are not of this log, or of domains in which the session has nothing. */
    public void requireKnown(LocalSession session, List<At> positions, String field) {
        for (At at : positions) {
            tail.requireOfThisLog(at, field);
            if (session.domains().find(at.domain()) == null) {
                throw new ConveneException(
                        ErrorCode.BAD_POSITION, field, "the session has nothing in the domain of this position");
            }
        }
    }

    /** The session's client says that it has everything up to these positions, answers included. */
    public void seen(LocalSession session, List<At> positions) {
        confirm(session, positions, seen::seen);
    }

    /** What was delivered to the session's client up to these positions is not asked for again. */
    public void reached(LocalSession session, List<At> positions) {
        confirm(session, positions, seen::reached);
    }

    private interface Confirming {
        void confirm(int partition, LogEntry.Confirmation confirmation);
    }

    private void confirm(LocalSession session, List<At> positions, Confirming confirming) {
        SessionIdentity identity = session.identity();
        for (At at : positions) {
            CompletableFuture<Window> window = session.domains().find(at.domain());
            if (window != null && window.isDone() && !window.isCompletedExceptionally() && tail.isOfThisLog(at)) {
                confirming.confirm(
                        window.join().partition(),
                        new LogEntry.Confirmation(identity.id(), identity.epoch(), at.position()));
            }
        }
    }

    /** Passes on what clients have seen. */
    public void flush(GatewayLife life) {
        seen.flush(life.incarnation());
        LogEntry.Confirmations own = life.sessionsSeen();
        if (own != null) {
            seen.append(Logs.SESSIONS, 0, own);
        }
    }
}
