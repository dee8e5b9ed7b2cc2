package dev.convene.runtime;

/**
 * A moment that a shard waits for. Timers of one moment are due in the order in which they were set.
 *
 * @param id unique within the shard, rising; cancel by it
 * @param kind the shard's own meaning
 * @param key the shard's own reference, such as an entity's id
 */
public record Timer(long id, int kind, long key) {}
