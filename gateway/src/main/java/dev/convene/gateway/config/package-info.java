/**
 * Wires the gateway: on its own, or as part of a process that holds all of Convene.
 *
 * <p>{@link dev.convene.gateway.config.GatewayConfiguration} is what others import.
 */
@NullMarked
package dev.convene.gateway.config;

import org.jspecify.annotations.NullMarked;
