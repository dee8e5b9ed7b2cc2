/**
 * From a command to its answer: each requester numbers what it sends to a partition without gaps, and nothing later counts
 * while the outcome of something earlier is unknown.
 *
 * <p>{@link dev.convene.gateway.core.request.Window} does that; {@link dev.convene.gateway.core.request.Packer} puts commands
 * of several requesters into one record.
 */
@NullMarked
package dev.convene.gateway.core.request;

import org.jspecify.annotations.NullMarked;
