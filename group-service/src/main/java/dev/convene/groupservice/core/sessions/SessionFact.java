package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.Position;
import dev.convene.runtime.SessionEnd;

/** What the sessions log has decided, for people and audits. Derived again whenever the log is read again. */
public sealed interface SessionFact {

    /** The record that decided; several facts may share it. */
    Position at();

    /** A gateway life begins to count. */
    record GatewayRegistered(Position at, String gateway, long incarnation) implements SessionFact {}

    /**
     * A gateway life does not count any longer.
     *
     * @param stranded how many sessions it served
     */
    record GatewayLost(Position at, String gateway, long incarnation, int stranded) implements SessionFact {}

    /** A session begins. */
    record SessionConnected(Position at, long session, String privateName, String gateway) implements SessionFact {}

    /** A session's connection was lost. */
    record SessionSuspended(Position at, long session, String privateName) implements SessionFact {}

    /** A session goes on, through this gateway. */
    record SessionResumed(Position at, long session, String privateName, String gateway) implements SessionFact {}

    /** A session is over and its name is free. */
    record SessionEnded(Position at, long session, String privateName, SessionEnd end) implements SessionFact {}
}
