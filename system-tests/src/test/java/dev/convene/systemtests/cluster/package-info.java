/** Several real processes on this machine and what happens when they are killed or paused. */
@NullMarked
package dev.convene.systemtests.cluster;

import org.jspecify.annotations.NullMarked;
