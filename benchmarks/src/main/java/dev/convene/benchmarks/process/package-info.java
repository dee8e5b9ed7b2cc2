/**
 * The processes of a run, what they cost in processor time and memory, and how they are killed.
 */
@NullMarked
package dev.convene.benchmarks.process;

import org.jspecify.annotations.NullMarked;
