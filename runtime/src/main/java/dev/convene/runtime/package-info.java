/**
 * The contract of a shard: a deterministic, single-threaded state machine that is fed from one partition of a log.
 *
 * <p>A capability implements {@link dev.convene.runtime.Shard}; {@code machine} wraps it with what every shard needs
 * (sessions, numbered requests with kept answers, terms, time, forwards) and {@code host} feeds it from Kafka.
 */
@NullMarked
package dev.convene.runtime;

import org.jspecify.annotations.NullMarked;
