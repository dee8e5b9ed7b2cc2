/**
 * HTTP: every operation as a request, long polls and server-sent events, with the names and fields of the frames.
 *
 * <p>{@link dev.convene.gateway.adapter.http.Routes} lists the addresses with their documentation. Bodies are read and
 * written by the frames' own codec, errors become problem details in {@link dev.convene.gateway.adapter.http.Problems}, and
 * {@link dev.convene.gateway.adapter.http.RequestGuard} decides before all of it, for WebSockets as well, whether a request
 * may come from where it comes from.
 */
@NullMarked
package dev.convene.gateway.adapter.http;

import org.jspecify.annotations.NullMarked;
