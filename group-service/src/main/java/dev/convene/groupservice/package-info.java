/**
 * The service that owns the shards of sessions and groups.
 *
 * <p>It decides nothing itself: it hosts the state machine of {@code dev.convene.group} and emits its effects.
 */
@NullMarked
package dev.convene.groupservice;

import org.jspecify.annotations.NullMarked;
