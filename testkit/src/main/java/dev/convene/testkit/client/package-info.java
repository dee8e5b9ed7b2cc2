/**
 * Real clients for tests: one {@link dev.convene.testkit.client.TestSession} interface over WebSocket with JSON, WebSocket
 * with CBOR, HTTP long poll and server-sent events, so that a contract's case is written once and runs over all of them.
 */
@NullMarked
package dev.convene.testkit.client;

import org.jspecify.annotations.NullMarked;
