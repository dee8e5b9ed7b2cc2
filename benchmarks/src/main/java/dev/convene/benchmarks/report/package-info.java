/**
 * What was measured: pairs of floor and platform, their differences and ratios, and the goals they are held against.
 */
@NullMarked
package dev.convene.benchmarks.report;

import org.jspecify.annotations.NullMarked;
