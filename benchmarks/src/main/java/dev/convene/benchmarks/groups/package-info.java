/**
 * The workloads on groups: {@link dev.convene.benchmarks.groups.GroupBenchmarks} runs them one after the other.
 *
 * <p>Broker, platform and load are processes of their own. Floor and platform alternate on the same warm broker, so that
 * a slow phase of the machine falls on both.
 */
@NullMarked
package dev.convene.benchmarks.groups;

import org.jspecify.annotations.NullMarked;
