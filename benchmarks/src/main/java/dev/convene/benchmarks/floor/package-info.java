/**
 * The same work done with plain Kafka clients: what is left when the platform costs nothing.
 */
@NullMarked
package dev.convene.benchmarks.floor;

import org.jspecify.annotations.NullMarked;
