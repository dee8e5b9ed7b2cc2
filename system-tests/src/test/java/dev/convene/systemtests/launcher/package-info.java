/** The launcher, with tools that only write down what they are asked for. */
@NullMarked
package dev.convene.systemtests.launcher;

import org.jspecify.annotations.NullMarked;
