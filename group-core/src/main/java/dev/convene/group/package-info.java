/**
 * Sessions and groups as a deterministic state machine.
 *
 * <p>The owner in group-service and every gateway run this same code over the same log, so that both derive the same views.
 */
@NullMarked
package dev.convene.group;

import org.jspecify.annotations.NullMarked;
