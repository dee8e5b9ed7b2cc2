/** Thousands of clients in one process: each a socket on a shared event loop, and no more kept of it than a test asks for. */
@NullMarked
package dev.convene.systemtests.crowd;

import org.jspecify.annotations.NullMarked;
