/**
 * What every shard needs around it, as one deterministic state machine: which commands count, which answers are kept,
 * who the owner is, what time it is, what came from other shards, and the snapshot of it all.
 */
@NullMarked
package dev.convene.runtime.machine;

import org.jspecify.annotations.NullMarked;
