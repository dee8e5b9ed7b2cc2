/** What this process says of itself to those who operate it. */
@NullMarked
package dev.convene.gateway.adapter.health;

import org.jspecify.annotations.NullMarked;
