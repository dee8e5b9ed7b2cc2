package dev.convene.gateway.core.delivery;

import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand.Cause;
import java.util.List;

/**
 * A push on its way to a session that cannot simply get it.
 *
 * @param at its place in its partition
 * @param causes what the session must have been given before, if it is attached there
 * @param ordered whether it waits for its causes
 */
record Parcel(Position at, SharedPush push, List<Cause> causes, boolean ordered) {}
