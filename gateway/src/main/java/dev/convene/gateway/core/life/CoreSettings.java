package dev.convene.gateway.core.life;

import dev.convene.protocol.Limits;

/**
 * What the core needs to know.
 *
 * @param name the gateway's name, unique in the cluster
 * @param version the version that clients are told
 * @param limits what is enforced and announced
 * @param requestTimeoutMs a request without an answer is told so after this, and whoever waits for logs that are away
 * @param attachTimeoutMs how long a connect, a resume or the first use of a domain may take, its reading included
 * @param idleMs a session of single HTTP requests is suspended when none has come for this long
 * @param ringBytesMax most bytes of recent pushes that are remembered for resumes, per partition
 * @param resumeBatchMs sessions that resume within this time share one replay
 * @param catchUpBytesPerSecond how fast everybody who catches up is served, all together
 * @param resumesUnderWay how many sessions are taken up at a time
 * @param resumesPerSecondMin how many are taken up a second however long each takes
 */
public record CoreSettings(
        String name,
        String version,
        Limits limits,
        long requestTimeoutMs,
        long attachTimeoutMs,
        long idleMs,
        long ringBytesMax,
        long resumeBatchMs,
        long catchUpBytesPerSecond,
        int resumesUnderWay,
        int resumesPerSecondMin) {
    /** 1.75 s for requests, 5 s to attach, 30 s idle, 8 MiB, 20 ms, 128 MiB/s, 8 resumes at a time and 400/s. */
    public static CoreSettings of(String name, String version, Limits limits) {
        return new CoreSettings(name, version, limits, 1750, 5000, 30_000, 8L << 20, 20, 128L << 20, 8, 400);
    }
}
