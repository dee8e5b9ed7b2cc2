/**
 * A whole system in one thread, driven by one seed: time is a number, threads are actors with mail, Kafka is a list that
 * answers late, loses acknowledgements and leaves gaps in its offsets.
 *
 * <p>{@link dev.convene.testkit.sim.Simulation} is the clock and the dice; {@link dev.convene.testkit.sim.Actor} is a
 * process that can crash, pause and wake; {@link dev.convene.testkit.sim.SimulatedShard} is a shard with its replicas.
 * What they run is the product's own code: {@link dev.convene.runtime.machine.ShardMachine} and
 * {@link dev.convene.runtime.host.effect.Outbox}.
 */
@NullMarked
package dev.convene.testkit.sim;

import org.jspecify.annotations.NullMarked;
