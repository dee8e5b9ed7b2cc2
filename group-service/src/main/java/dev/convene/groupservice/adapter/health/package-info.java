/** What this process says of itself to probes and to those who operate it. */
@NullMarked
package dev.convene.groupservice.adapter.health;

import org.jspecify.annotations.NullMarked;
