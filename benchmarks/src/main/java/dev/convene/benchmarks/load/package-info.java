/**
 * A load generator that costs little: WebSocket clients on one event loop, and send times that are fixed beforehand.
 *
 * <p>{@link dev.convene.benchmarks.load.Schedule} says when something is sent, whatever became of what was sent before;
 * {@link dev.convene.benchmarks.load.Latencies} counts from that moment, so that a stall of the system under test is paid
 * by every message that it held up and not by one (no coordinated omission).
 */
@NullMarked
package dev.convene.benchmarks.load;

import org.jspecify.annotations.NullMarked;
