package dev.convene.systemtests.simulation;

import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand.Cause;
import dev.convene.testkit.check.order.Event;
import java.util.List;

/**
 * Something for one session on its way to it.
 *
 * @param partition the partition of the group log that it comes from
 * @param at its place there
 * @param causes what its sender had seen in other partitions
 * @param waits whether it waits for its causes
 */
record Told(int partition, Position at, Event event, List<Cause> causes, boolean waits) {}
