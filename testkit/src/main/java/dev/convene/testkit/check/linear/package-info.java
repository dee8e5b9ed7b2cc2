/**
 * Decides whether concurrent operations on shared objects could have happened one at a time, each at one moment between
 * its call and its return: linearizability (Herlihy and Wing, "Linearizability: A Correctness Condition for Concurrent
 * Objects", 1990).
 *
 * <p>The search is that of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993) with the cache of visited
 * configurations and the partitioning of Lowe ("Testing for Linearizability", 2017). Write down operations with an
 * {@link dev.convene.testkit.check.linear.OperationRecorder}, say what the object does with a
 * {@link dev.convene.testkit.check.linear.Model} and ask {@link dev.convene.testkit.check.linear.Linearizability}.
 */
@NullMarked
package dev.convene.testkit.check.linear;

import org.jspecify.annotations.NullMarked;
