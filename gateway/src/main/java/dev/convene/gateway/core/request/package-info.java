/**
 * From a command to its answer: each requester numbers what it sends to a partition without gaps, and nothing later counts
 * while the outcome of something earlier is unknown.
 *
 * <p>{@link dev.convene.gateway.core.request.Window} does that; {@link dev.convene.gateway.core.request.Packer} puts commands
 * of several requesters into one record. A {@code Pending} is one request, a {@code Reply} who waits for its answer, {@code
 * Patience} how long, {@code Pauses} when nothing is sent since the log is away, {@code Outlet} what a window needs to send.
 */
@NullMarked
package dev.convene.gateway.core.request;

import org.jspecify.annotations.NullMarked;
