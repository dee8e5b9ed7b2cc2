/**
 * The group state machine: who is a member of which group, in which order views and messages come, and which queue member
 * gets a message. Gateways run it as readers and hand its events to their sessions; group-service runs it as replicas.
 *
 * <p>{@link dev.convene.group.GroupShard} applies commands, {@link dev.convene.group.GroupListener} hears what happens.
 * Semantics follow the Spread toolkit; what differs is listed in the guide for Spread users.
 */
@NullMarked
package dev.convene.group;

import org.jspecify.annotations.NullMarked;
