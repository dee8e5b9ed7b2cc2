/**
 * The service that owns the shards of sessions and groups.
 *
 * <p>{@code core.sessions} is the state machine of the sessions log; that of the group log is {@code dev.convene.group},
 * which gateways run too. {@code adapter.log} hosts both from Kafka and does what an owner does by itself;
 * {@code adapter.http} answers operators, {@code adapter.audit} publishes what happened, {@code config} wires.
 */
@NullMarked
package dev.convene.groupservice;

import org.jspecify.annotations.NullMarked;
