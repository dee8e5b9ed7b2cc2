package dev.convene.gateway.core;

import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.frame.Answer;

/**
 * A session is served here from now on. Nothing has been taken from its queue: send the answer first, then drain.
 *
 * @param session the session under its new epoch; a {@link LocalSession} of an earlier epoch is closed
 * @param answer what the client is told
 */
public record Opened<A extends Answer>(LocalSession session, A answer) {}
