package dev.convene.gateway.core.delivery;

import dev.convene.protocol.Position;

/**
 * A session has its place in a partition here.
 *
 * @param partition the partition
 * @param lastNumber the number of the last request that the partition has seen of it
 * @param liveAfter everything after this is given to it as it comes
 * @param recoverable whether what lies between the position asked for and {@code liveAfter} can be replayed
 */
public record Adoption(int partition, long lastNumber, Position liveAfter, boolean recoverable) {}
