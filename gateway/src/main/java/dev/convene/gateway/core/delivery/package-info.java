/**
 * From the one order of a partition to the queues of the sessions that this gateway serves.
 *
 * <p>{@link dev.convene.gateway.core.delivery.SessionQueue} is the end that an edge drains. The words of this package:
 *
 * <ul>
 *   <li>{@code Tail}: everything on the one thread that reads; {@code GroupPartition}: one partition of it
 *   <li>{@code Receiver}: a session, over its epochs; {@code Place}: where it stands in one partition
 *   <li>{@code Parcel}: a push with its place in the order and what it has to wait for
 *   <li>{@code FanOut}: who gets it; {@code Courier}: gives it, in causal order across partitions
 *   <li>{@code Ring}: what was given lately, for those who resume soon
 *   <li>{@code Adoption}: the record from which on a session is served here
 *   <li>{@code Joining}: what a session gets before it is live: what it missed ({@code Replays}, from the ring or the log; a
 *       {@code Want} is what one session lacks, a {@code Leg} its part of one reading), then history; {@code CatchUp} gives it
 *       at the {@code Pace} of all
 * </ul>
 */
@NullMarked
package dev.convene.gateway.core.delivery;

import org.jspecify.annotations.NullMarked;
