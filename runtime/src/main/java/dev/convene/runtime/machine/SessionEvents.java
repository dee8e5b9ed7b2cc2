package dev.convene.runtime.machine;

import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.SessionEnd;
import dev.convene.runtime.Shard;
import java.util.ArrayList;
import java.util.List;

/** What the sessions log has decided, applied to a machine and told to its shard. */
final class SessionEvents {
    private final Shard<?> shard;
    private final MachineState state;
    private final Applying applying;

    SessionEvents(Shard<?> shard, MachineState state, Applying applying) {
        this.shard = shard;
        this.state = state;
        this.applying = applying;
    }

    void apply(SessionEvent event) {
        switch (event) {
            case SessionEvent.GatewayAttached e -> {
                if (state.gatewayAttached(e)) {
                    shard.gatewayAttached(e.incarnation(), applying);
                }
            }
            case SessionEvent.GatewayLost e -> gatewayLost(e.incarnation());
            case SessionEvent.SessionAttached e -> {
                Requester session = state.sessionAttached(e, applying.position().offset());
                if (session != null) {
                    applying.sessionMoved(session);
                    shard.sessionAttached(session, applying);
                }
            }
            case SessionEvent.SessionSuspended e -> {
                Requester session = state.requester(e.session());
                if (session != null && session.epoch() == e.epoch() && !session.isSuspended()) {
                    session.suspend();
                    shard.sessionSuspended(session, applying);
                }
            }
            case SessionEvent.SessionResumed e -> resumed(e);
            case SessionEvent.SessionEnded e ->
                ended(new long[] {e.session()}, e.expired() ? SessionEnd.EXPIRED : SessionEnd.CLOSED);
            case SessionEvent.GatewayExpired e -> ended(e.sessions(), SessionEnd.GATEWAY);
        }
    }

    private void gatewayLost(long incarnation) {
        if (!state.isLive(incarnation)) {
            return;
        }
        applying.gatewayLost(incarnation);
        for (Requester session : state.sessionsOf(incarnation)) {
            if (!session.isSuspended()) {
                session.suspend();
                shard.sessionSuspended(session, applying);
            }
        }
        shard.gatewayLost(incarnation, applying);
        Requester gateway = state.requester(incarnation);
        if (gateway != null) {
            applying.cancelWaiting(gateway);
        }
        state.gatewayGone(incarnation);
    }

    private void resumed(SessionEvent.SessionResumed event) {
        Requester session = state.requester(event.session());
        if (session == null || event.epoch() <= session.epoch()) {
            return;
        }
        state.moved(session, event.epoch(), event.incarnation());
        applying.sessionMoved(session);
        for (Kept kept : session.answered()) {
            applying.giveAgain(session, kept);
        }
        shard.sessionResumed(session, applying);
    }

    private void ended(long[] ids, SessionEnd end) {
        List<Attachment> sessions = new ArrayList<>(ids.length);
        for (long id : ids) {
            Requester session = state.requester(id);
            if (session != null && !session.isGateway()) {
                sessions.add(session);
            }
        }
        if (sessions.isEmpty()) {
            return;
        }
        shard.sessionsEnded(sessions, end, applying);
        for (Attachment session : sessions) {
            applying.forget((Requester) session);
        }
    }
}
