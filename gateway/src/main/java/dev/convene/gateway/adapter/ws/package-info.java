/**
 * WebSocket: the upgrade at {@code /v1/ws} and what happens on the socket after it.
 *
 * <p>{@link dev.convene.gateway.adapter.ws.WebSocketEndpoint} does the handshake with Reactor Netty, then a
 * {@link dev.convene.gateway.adapter.ws.ClientConnection} sits in the Netty pipeline itself: it reads frames on the event
 * loop and writes answers and pushes straight to the channel. ADR 0004 has the measurements behind that.
 */
@NullMarked
package dev.convene.gateway.adapter.ws;

import org.jspecify.annotations.NullMarked;
