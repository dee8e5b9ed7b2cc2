package dev.convene.runtime;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Origin;
import org.jspecify.annotations.Nullable;

/**
 * A command as its shard sees it.
 *
 * @param position the place of its record; index 0
 * @param origin who asks; null when another shard or the owner sent it
 * @param session the session that asks; null when a gateway, another shard or the owner does
 */
public record Request(
        Position position,
        @Nullable Origin origin,
        @Nullable Attachment session) {

    /** Whether an answer goes back to somebody. */
    public boolean isAnswered() {
        return origin != null && origin.number() != 0;
    }
}
