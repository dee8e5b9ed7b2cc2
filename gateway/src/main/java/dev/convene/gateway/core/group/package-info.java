/** What clients do with groups, as commands of the group log and reads of its state. */
@NullMarked
package dev.convene.gateway.core.group;

import org.jspecify.annotations.NullMarked;
