/**
 * Sessions that this gateway serves: how they begin, are taken over, suspended and ended, and where they are attached.
 */
@NullMarked
package dev.convene.gateway.core.session;

import org.jspecify.annotations.NullMarked;
