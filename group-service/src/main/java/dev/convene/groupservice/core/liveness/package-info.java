/** Judges from the beats which gateway lives the owner of the sessions shard should declare lost. */
@NullMarked
package dev.convene.groupservice.core.liveness;

import org.jspecify.annotations.NullMarked;
