/**
 * JMH benchmarks of the parts that every message passes.
 */
@NullMarked
package dev.convene.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
