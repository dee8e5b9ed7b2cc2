/**
 * Who lives: every instance says so twice a second on a topic of its own and reads what the others say. From this follow
 * placement (which instances hold a shard), takeover (the owner is silent) and the loss of gateways. None of it decides
 * anything about shared state: that only records in the shard's own log do.
 */
@NullMarked
package dev.convene.runtime.host.beat;

import org.jspecify.annotations.NullMarked;
