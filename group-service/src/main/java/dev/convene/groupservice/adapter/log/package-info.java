/**
 * The shards of this process: reads the logs through plain kafka-clients, because the hosts of
 * {@code dev.convene.runtime.host} need assignment, seeking and latency.
 */
@NullMarked
package dev.convene.groupservice.adapter.log;

import org.jspecify.annotations.NullMarked;
