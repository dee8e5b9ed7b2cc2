/** The gateway's core over logs in memory, on one thread and a clock that the tests move. */
@NullMarked
package dev.convene.gateway.core;

import org.jspecify.annotations.NullMarked;
