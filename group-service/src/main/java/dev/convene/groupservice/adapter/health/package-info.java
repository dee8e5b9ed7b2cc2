/** Readiness for probes. */
@NullMarked
package dev.convene.groupservice.adapter.health;

import org.jspecify.annotations.NullMarked;
