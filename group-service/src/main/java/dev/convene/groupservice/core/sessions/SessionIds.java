package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.Position;

/**
 * Gives out the ids of sessions: the offset of the record, and for the second and later sessions that one record makes,
 * the offset with their number above it. So they are never used again, never equal to a gateway life's incarnation, and
 * stay below 2^53.
 */
final class SessionIds {
    private static final int OFFSET_BITS = 40;

    private long offset = -1;
    private int given;

    /** Whether the record at this position can make one more session. */
    boolean areLeft(Position at) {
        return at.offset() >>> OFFSET_BITS == 0
                && (at.offset() != offset || given < SessionLimits.SESSIONS_PER_RECORD_MAX);
    }

    long next(Position at) {
        if (at.offset() != offset) {
            offset = at.offset();
            given = 0;
        }
        return (long) given++ << OFFSET_BITS | offset;
    }
}
