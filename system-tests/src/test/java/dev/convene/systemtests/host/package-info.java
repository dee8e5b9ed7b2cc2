/** The host against a real broker, with a shard that is as small as can be. */
@NullMarked
package dev.convene.systemtests.host;

import org.jspecify.annotations.NullMarked;
