/**
 * What every service shares: the contract of a shard and what the host of a shard may rely on.
 *
 * <p>Only this root package may be seen by the core of a service; adapters live in packages below it.
 */
@NullMarked
package dev.convene.runtime;

import org.jspecify.annotations.NullMarked;
