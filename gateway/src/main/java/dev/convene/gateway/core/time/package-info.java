/** Time, passed in so that nothing here reads a clock, and what takes time. */
@NullMarked
package dev.convene.gateway.core.time;

import org.jspecify.annotations.NullMarked;
