/**
 * The gateway's own lives: it registers, is given an incarnation, beats, and begins anew when it was declared lost.
 *
 * <p>{@link dev.convene.gateway.core.life.LifeKeeper} goes from one {@link dev.convene.gateway.core.life.GatewayLife} to the
 * next.
 */
@NullMarked
package dev.convene.gateway.core.life;

import org.jspecify.annotations.NullMarked;
