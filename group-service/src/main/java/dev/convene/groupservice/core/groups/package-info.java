/** Reads of the group shards: who is in which group, as of the last applied record of a replica. */
@NullMarked
package dev.convene.groupservice.core.groups;

import org.jspecify.annotations.NullMarked;
