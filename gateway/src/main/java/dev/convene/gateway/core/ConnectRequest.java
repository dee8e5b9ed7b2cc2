package dev.convene.gateway.core;

import dev.convene.protocol.frame.SessionOperation;

/**
 * A client wants a session.
 *
 * @param operation what it asked for
 * @param principal who it is
 * @param reader how it takes what is pushed
 */
public record ConnectRequest(SessionOperation.Connect operation, Principal principal, ReaderKind reader) {}
