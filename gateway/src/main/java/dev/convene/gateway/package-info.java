/**
 * The edge of Convene: connections of clients, authentication, limits and fan-out.
 *
 * <p>A gateway keeps nothing durable; whatever it holds can be derived again from the logs.
 */
@NullMarked
package dev.convene.gateway;

import org.jspecify.annotations.NullMarked;
