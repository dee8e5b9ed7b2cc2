package dev.convene.gateway.core;

import dev.convene.protocol.frame.SessionOperation;

/**
 * A client wants a session.
 *
 * @param operation what it asked for
 * @param access what it may do
 * @param reader how it takes what is pushed
 */
public record ConnectRequest(SessionOperation.Connect operation, Access access, ReaderKind reader) {}
