package dev.convene.gateway.core;

import dev.convene.protocol.frame.SessionOperation;

/**
 * A client wants its session back, on this gateway or from another.
 *
 * @param operation what it asked for
 * @param principal who it is
 * @param reader how it takes what is pushed
 */
public record ResumeRequest(SessionOperation.Resume operation, Principal principal, ReaderKind reader) {}
