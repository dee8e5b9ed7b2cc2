package dev.convene.gateway.core.session;

import dev.convene.gateway.core.Access;
import dev.convene.gateway.core.ReaderKind;
import dev.convene.gateway.core.TenantCounters;
import dev.convene.gateway.core.delivery.CausalVector;
import dev.convene.gateway.core.delivery.SessionQueue;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session as this gateway serves it, under one epoch: a resume makes a new one and closes the old. Thread-safe.
 *
 * <p>For an edge: {@link #queue} is what to send, {@link #onClose} says when to close the connection.
 */
public final class LocalSession {
    private final SessionIdentity identity;
    private final String tenant;
    private final TenantCounters counters;
    private final Access access;
    private final ReaderKind reader;
    private final SessionQueue queue;
    private final CausalVector vector = new CausalVector();
    private final ExpectedReplies replies = new ExpectedReplies();
    private final HistoryJoins historyJoins = new HistoryJoins();
    private final OpenSends openSends = new OpenSends();
    private final Progress progress = new Progress();
    private final LongPoll longPoll;
    private final SessionDomains domains;
    private final Lane lane;
    private volatile long lastSignMs;

    private @Nullable CloseCode closed;
    private @Nullable Consumer<CloseCode> onClose;

    /**
     * @param access what its client may do
     * @param counters of its tenant
     * @param nowMs when its client showed its first sign of life, milliseconds of the gateway's clock
     */
    public LocalSession(
            SessionIdentity identity,
            Access access,
            ReaderKind reader,
            Limits limits,
            TenantCounters counters,
            long nowMs) {
        this.identity = identity;
        this.tenant = identity.tenant();
        this.counters = counters;
        this.access = access;
        this.reader = reader;
        this.queue = new SessionQueue(limits.queuedBytesMax(), reader == ReaderKind.REQUESTS);
        this.longPoll = new LongPoll(queue, progress);
        this.domains = new SessionDomains(limits.domainsPerSessionMax());
        this.lane = new Lane(limits.outstandingMax());
        this.lastSignMs = nowMs;
        counters.sessions.increment();
    }

    /** Its id as clients know it. */
    public String id() {
        return identity.text();
    }

    /** The tenant to which it belongs. */
    public String tenant() {
        return tenant;
    }

    /** What is counted of its tenant. */
    public TenantCounters counters() {
        return counters;
    }

    /** Its address, sender name and member name, qualified. */
    public String privateGroup() {
        return identity.privateGroup();
    }

    /** Everything that is settled about it under this epoch. */
    public SessionIdentity identity() {
        return identity;
    }

    public Access access() {
        return access;
    }

    public ReaderKind reader() {
        return reader;
    }

    /** What waits for its reader. */
    public SessionQueue queue() {
        return queue;
    }

    /** What causally precedes what it sends next. */
    public CausalVector vector() {
        return vector;
    }

    /** Requests of its own that wait for a reply. */
    public ExpectedReplies replies() {
        return replies;
    }

    /** Joins on their way that want history first. */
    public HistoryJoins historyJoins() {
        return historyJoins;
    }

    /** Where it is attached. */
    public SessionDomains domains() {
        return domains;
    }

    /** Messages of its own on their way. */
    public OpenSends openSends() {
        return openSends;
    }

    /** The order of its requests. */
    public Lane lane() {
        return lane;
    }

    /** How far its client has come. */
    public Progress progress() {
        return progress;
    }

    /** How single requests take what waits. */
    public LongPoll longPoll() {
        return longPoll;
    }

    /** Why its connection has to be closed, or null while it is served. */
    public synchronized @Nullable CloseCode closed() {
        return closed;
    }

    /** Refuses if it is no longer served. */
    public void requireOpen() {
        ConveneException refusal = refusal();
        if (refusal != null) {
            throw refusal;
        }
    }

    /** What requests are refused with; null while it is served. */
    public @Nullable ConveneException refusal() {
        CloseCode why = closed();
        if (why == null) {
            return null;
        }
        return new ConveneException(
                switch (why) {
                    case STALE -> ErrorCode.STALE_EPOCH;
                    case GATEWAY_LOST -> ErrorCode.GATEWAY_LOST;
                    case SHUTDOWN, GOING_AWAY -> ErrorCode.SHUTTING_DOWN;
                    case SESSION_ENDED, NORMAL -> ErrorCode.SESSION_ENDED;
                    default -> ErrorCode.NOT_CONNECTED;
                });
    }

    /**
     * Sets what is called once, when the gateway stops serving the session: the edge closes the connection with this code.
     * Called at once if that has happened already; must not block.
     */
    public void onClose(Consumer<CloseCode> action) {
        CloseCode now;
        synchronized (this) {
            onClose = action;
            now = closed;
        }
        if (now != null) {
            action.accept(now);
        }
    }

    /**
     * Stops serving it.
     *
     * @return whether it was served until now
     */
    public boolean close(CloseCode code) {
        Consumer<CloseCode> action;
        synchronized (this) {
            if (closed != null) {
                return false;
            }
            closed = code;
            action = onClose;
        }
        counters.sessions.decrement();
        queue.close();
        replies.close();
        if (action != null) {
            action.accept(code);
        }
        return true;
    }

    /** Its client has shown a sign of life. */
    public void touch(long nowMs) {
        lastSignMs = nowMs;
    }

    /** When its client showed a sign of life last, milliseconds of the gateway's clock. */
    public long lastSignMs() {
        return lastSignMs;
    }

    @Override
    public String toString() {
        return identity.text() + " " + identity.privateGroup() + " epoch " + identity.epoch();
    }
}
