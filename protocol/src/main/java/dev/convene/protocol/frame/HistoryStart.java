package dev.convene.protocol.frame;

import dev.convene.protocol.At;

/** Where a replay of a group begins. */
public sealed interface HistoryStart {
    /** With the first message after a position. */
    record From(At at) implements HistoryStart {}

    /** With the message that has {@code count - 1} after it. */
    record Last(int count) implements HistoryStart {}

    /** With the first message at or after a time of the log, in milliseconds since 1970. */
    record Since(long epochMs) implements HistoryStart {}
}
