/**
 * Benchmarks: JMH for the cores, open-loop load with HdrHistogram for whole systems.
 *
 * <p>A number is only worth keeping together with the machine and the settings that gave it.
 */
@NullMarked
package dev.convene.benchmarks;

import org.jspecify.annotations.NullMarked;
