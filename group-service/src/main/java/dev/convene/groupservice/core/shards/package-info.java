/** What people and probes want to know about the shards of this process. */
@NullMarked
package dev.convene.groupservice.core.shards;

import org.jspecify.annotations.NullMarked;
