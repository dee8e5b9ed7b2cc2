package dev.convene.gateway.core.delivery;

import dev.convene.protocol.Position;

/**
 * A session has its place in a partition here.
 *
 * @param partition the partition
 * @param lastNumber the number of the last request that the partition has seen of it
 * @param liveAfter everything after this is given to it as it comes
 * @param missedAfter what it missed begins after this: the position asked for, else what its client has confirmed, else the
 *     record that attached it
 * @param recoverable whether what lies between {@code missedAfter} and {@code liveAfter} can be replayed
 */
public record Adoption(int partition, long lastNumber, Position liveAfter, Position missedAfter, boolean recoverable) {}
