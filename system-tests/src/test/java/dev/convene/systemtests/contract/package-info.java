/** Keeps the contracts in {@code docs/contract} and the tests that show them together. */
@NullMarked
package dev.convene.systemtests.contract;

import org.jspecify.annotations.NullMarked;
