/**
 * The gateway without its edges: sessions, requests, delivery.
 *
 * <p>{@link dev.convene.gateway.core.Gateway} is what the edges (WebSocket, HTTP, server-sent events) call. Plain Java: logs,
 * time and randomness are passed in.
 */
@NullMarked
package dev.convene.gateway.core;

import org.jspecify.annotations.NullMarked;
