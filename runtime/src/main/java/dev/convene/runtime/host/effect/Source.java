package dev.convene.runtime.host.effect;

/**
 * The shard that effects come from.
 *
 * @param epoch its log's epoch
 */
public record Source(String log, int partition, String epoch) {}
