/**
 * What tests of Convene are built from: an in-memory log, a manual clock, a seeded simulation and checkers.
 *
 * <p>Everything here is driven by a seed or by the test itself; nothing sleeps.
 */
@NullMarked
package dev.convene.testkit;

import org.jspecify.annotations.NullMarked;
