/**
 * Reading and writing logs with plain kafka-clients.
 *
 * <p>Not Spring Cloud Stream and not Kafka Streams: a replica assigns partitions itself, seeks to the position of its
 * snapshot, must never be moved elsewhere by an offset reset or a rebalance, and a request waits for the way through the
 * log, so every default that trades latency for batches is set otherwise here. {@link dev.convene.runtime.host.log.LogWriter}
 * appends, {@link dev.convene.runtime.host.log.LogReader} tails; {@link dev.convene.runtime.host.log.AppendException} is
 * the one place where Kafka's exceptions become an outcome.
 */
@NullMarked
package dev.convene.runtime.host.log;

import org.jspecify.annotations.NullMarked;
