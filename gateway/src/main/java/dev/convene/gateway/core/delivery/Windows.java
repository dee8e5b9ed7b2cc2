package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.request.Window;
import org.jspecify.annotations.Nullable;

/** Finds who waits for an answer. Thread-safe. */
@FunctionalInterface
public interface Windows {
    /** The window of a requester for a partition of the group log under this epoch; null if there is none here. */
    @Nullable Window find(long requester, int epoch, int partition);
}
