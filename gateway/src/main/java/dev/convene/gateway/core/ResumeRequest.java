package dev.convene.gateway.core;

import dev.convene.protocol.frame.SessionOperation;

/**
 * A client wants its session back, on this gateway or from another.
 *
 * @param operation what it asked for
 * @param access what it may do
 * @param reader how it takes what is pushed
 */
public record ResumeRequest(SessionOperation.Resume operation, Access access, ReaderKind reader) {}
