/** What audits are told: facts about sessions, gateways and memberships, each with the position that decided it. */
@NullMarked
package dev.convene.groupservice.core.audit;

import org.jspecify.annotations.NullMarked;
