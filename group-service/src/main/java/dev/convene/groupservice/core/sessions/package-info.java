/**
 * The sessions log as a state machine: it alone decides which gateway lives count, who is connected under which name and
 * through which gateway, when a session is over, and in which partition an order domain lives.
 *
 * <p>{@link dev.convene.groupservice.core.sessions.SessionsShard} reads the commands, {@code Registrations} decides what
 * concerns gateways and {@code Connections} what concerns sessions; {@code Gateways}, {@code Sessions} and
 * {@code Domains} are the state. What was decided is told to every partition that it concerns as a
 * {@link dev.convene.protocol.log.SessionEvent}.
 */
@NullMarked
package dev.convene.groupservice.core.sessions;

import org.jspecify.annotations.NullMarked;
