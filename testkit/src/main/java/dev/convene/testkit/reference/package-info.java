/**
 * A small capability that shows how a shard is written: named locks with waits, time limits, leases and hand-over.
 *
 * <p>{@link dev.convene.testkit.reference.LockCommand} is what stands in its log,
 * {@link dev.convene.testkit.reference.LockShard} applies it and {@link dev.convene.testkit.reference.Lock} is the state. Its tests run
 * the same code in a simulation with crashes, pauses and lost acknowledgements, and check what clients saw against a model
 * of a lock.
 */
@NullMarked
package dev.convene.testkit.reference;

import org.jspecify.annotations.NullMarked;
