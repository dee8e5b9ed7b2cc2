/**
 * The architecture as rules that fail the build: which package may know which, what a deterministic state machine must not
 * touch, what a class is not called.
 *
 * <p>A module applies all of them with one line in a test, {@code ConveneArchitecture.verify(getClass())}; every rule says
 * why it is there.
 */
@NullMarked
package dev.convene.testkit.arch;

import org.jspecify.annotations.NullMarked;
