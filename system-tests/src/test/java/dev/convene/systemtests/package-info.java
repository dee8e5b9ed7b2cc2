/**
 * Tests of whole systems with real brokers, several processes and faults.
 *
 * <p>Those that need a container engine carry the JUnit tag {@code containers}, the long ones {@code full}.
 */
@NullMarked
package dev.convene.systemtests;

import org.jspecify.annotations.NullMarked;
