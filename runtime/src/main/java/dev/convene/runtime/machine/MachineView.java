package dev.convene.runtime.machine;

import dev.convene.protocol.Position;
import dev.convene.runtime.ShardContext;
import org.jspecify.annotations.Nullable;

/** What a host may know of a machine. */
public interface MachineView extends ShardContext {
    /** The offset after the last one applied; 0 at the start. */
    long nextOffset();

    /** The present term; 0 before the first. */
    long term();

    /** The instance that owns the shard, empty before the first term. */
    String owner();

    /** When something is due next in served time, milliseconds; {@link Long#MAX_VALUE} if nothing is. */
    long nextServedMs();

    /** When something is due next in wall time, milliseconds since 1970; {@link Long#MAX_VALUE} if nothing is. */
    long nextWallMs();

    /** Whether a timer waits for a tick to begin its delay: the owner should append one soon. */
    boolean hasUnstampedTimers();

    /** Whether this gateway life counts here. */
    boolean isLive(long incarnation);

    /** The number of the last request of this session or gateway life; 0 if there was none or it is not attached. */
    long lastNumber(long requester);

    /**
     * Up to where the client of this session has everything: the record that attached it here, or what it has confirmed.
     * Null if it is not attached or that is not known.
     */
    @Nullable Position reached(long session);

    /** Sessions attached here. */
    int sessionCount();

    /** What the kept answers take, bytes, about; at most {@link MachineLimits#KEPT_BYTES_OF_ALL_MAX}. */
    long keptBytes();

    /** What the idempotency keys take, bytes, about; at most {@link MachineLimits#KEYS_BYTES_MAX}. */
    long keyBytes();

    /** What went wrong so far. */
    Failures failures();
}
