/**
 * From the one order of a partition to the queues of the sessions that this gateway serves.
 *
 * <p>{@link dev.convene.gateway.core.delivery.SessionQueue} is the end that an edge drains.
 */
@NullMarked
package dev.convene.gateway.core.delivery;

import org.jspecify.annotations.NullMarked;
