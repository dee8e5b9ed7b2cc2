/**
 * The gateway without its edges: sessions, requests, delivery.
 *
 * <p>{@link dev.convene.gateway.core.Gateway} is what the edges (WebSocket, HTTP, server-sent events) call. Plain Java: logs,
 * time and randomness are passed in.
 *
 * <p>A message's way: an edge calls the {@code Gateway}; {@code group.Sending} finds its partitions ({@code group.Targets}) when
 * the session's turn comes ({@code session.Lane}); a {@code request.Window} numbers it and hands it to the {@code
 * request.Packer}, and {@code log.Appender} writes it. What the log says comes in through {@code log.GroupLog} to the one thread
 * of {@code delivery.Tail}, which applies it ({@code delivery.GroupPartition}); {@code delivery.FanOut} finds who gets it, {@code
 * delivery.Courier} puts it into their {@code delivery.SessionQueue}s, and the edge drains those. Its answer goes back to the
 * window that asked, and from there to the client.
 */
@NullMarked
package dev.convene.gateway.core;

import org.jspecify.annotations.NullMarked;
