/** Time, passed in so that nothing here reads a clock. */
@NullMarked
package dev.convene.gateway.core.time;

import org.jspecify.annotations.NullMarked;
