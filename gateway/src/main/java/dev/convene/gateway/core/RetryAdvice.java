package dev.convene.gateway.core;

import dev.convene.gateway.core.log.LogState;
import dev.convene.protocol.ErrorCode;
import java.util.function.LongSupplier;

/** When refused clients had better come back: after what is wrong has had time to end, and not all at once. Thread-safe. */
final class RetryAdvice {
    private static final long SOON_MS = 100;
    private static final long AWAY_MS = 1000;
    private static final long OPERATOR_MS = 5000;

    private final LogState logs;
    private final LongSupplier random;

    /** @param random any numbers */
    RetryAdvice(LogState logs, LongSupplier random) {
        this.logs = logs;
        this.random = random;
    }

    /** From the time that it takes to twice as much. */
    int afterMs(ErrorCode code) {
        long least = switch (code) {
            case SHARD_HALTED -> OPERATOR_MS;
            case STARTING, SHUTTING_DOWN -> AWAY_MS;
            default -> Math.max(logs.pausedMs(), logs.isAway() ? AWAY_MS : SOON_MS);
        };
        return (int) (least + Math.floorMod(random.getAsLong(), least));
    }
}
