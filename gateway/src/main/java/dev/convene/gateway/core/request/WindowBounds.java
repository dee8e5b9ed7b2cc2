package dev.convene.gateway.core.request;

import dev.convene.protocol.ErrorCode;

/**
 * What a {@link Window} may hold.
 *
 * @param countMax most requests without an answer, at most as many as the partition keeps answers
 * @param fullError what one more is refused with
 * @param answerWaitMs an acknowledged request without answer is sent again after this, since it may have been passed over
 *     unseen; 0 where the log shows what was passed over
 */
public record WindowBounds(int countMax, ErrorCode fullError, long answerWaitMs) {}
