/**
 * What follows from records and leaves its shard: answers and pushes for gateway lives, commands and decisions for other
 * shards. Their identity is their place in the source log; the receiver drops what is not above the last that it has.
 */
@NullMarked
package dev.convene.runtime.host.effect;

import org.jspecify.annotations.NullMarked;
