package dev.convene.gateway.core.delivery;

/**
 * @param queuedBytesMax most bytes that may wait for one reader
 * @param ringBytesMax most bytes of recent pushes that are remembered, per partition
 * @param membersListedMax largest group whose members are listed in views
 * @param resumeBatchMs sessions that resume within this time share one replay
 * @param catchUpBytesPerSecond how fast everybody who catches up is served, all together
 */
public record TailSettings(
        long queuedBytesMax, long ringBytesMax, int membersListedMax, long resumeBatchMs, long catchUpBytesPerSecond) {}
