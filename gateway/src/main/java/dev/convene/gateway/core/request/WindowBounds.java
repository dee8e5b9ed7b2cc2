package dev.convene.gateway.core.request;

import dev.convene.protocol.ErrorCode;

/**
 * What a {@link Window} may hold.
 *
 * @param countMax most requests without an answer, at most as many as the partition keeps answers
 * @param fullError what one more is refused with
 * @param answerWaitMs an acknowledged request without answer is sent again after this, then after twice as long and so on,
 *     since what would show its answer may have been lost; 0 where the log itself is read
 */
public record WindowBounds(int countMax, ErrorCode fullError, long answerWaitMs) {}
