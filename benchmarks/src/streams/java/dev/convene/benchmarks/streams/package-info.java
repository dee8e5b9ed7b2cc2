/** Commands through a shard on the host, and through a processor of Kafka Streams that makes the same promises. */
@NullMarked
package dev.convene.benchmarks.streams;

import org.jspecify.annotations.NullMarked;
