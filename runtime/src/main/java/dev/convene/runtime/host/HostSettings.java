package dev.convene.runtime.host;

import dev.convene.runtime.host.effect.Outbox;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.snapshot.SnapshotPlan;
import java.time.Duration;

/**
 * How an instance holds the shards of a log.
 *
 * @param replicas how many instances hold a shard, 1 or more
 * @param snapshots when snapshots are taken and kept
 * @param outbox when a shard stops reading because its effects are not out
 * @param reader of the thread on which the shards run
 * @param handOverAfter an owner gives its shard to the instance that placement prefers when that has been ready for so
 *     long; zero for never
 * @param sendsAnswers whether answers to requests go out to gateways; not for a log that they read themselves
 */
public record HostSettings(
        int replicas,
        SnapshotPlan snapshots,
        Outbox.Bounds outbox,
        LogReader.Settings reader,
        Duration handOverAfter,
        boolean sendsAnswers) {
    /** Two replicas; answers go out; shards move to where they belong after 30 s. */
    public static final HostSettings DEFAULT = new HostSettings(
            2, SnapshotPlan.DEFAULT, Outbox.Bounds.DEFAULT, LogReader.Settings.DEFAULT, Duration.ofSeconds(30), true);

    public HostSettings {
        if (replicas < 1) {
            throw new IllegalArgumentException("a shard has at least one replica, not " + replicas);
        }
    }

    /** The same with another plan for snapshots. */
    public HostSettings withSnapshots(SnapshotPlan other) {
        return new HostSettings(replicas, other, outbox, reader, handOverAfter, sendsAnswers);
    }

    /** The same with another time for handing over. */
    public HostSettings withHandOverAfter(Duration other) {
        return new HostSettings(replicas, snapshots, outbox, reader, other, sendsAnswers);
    }

    /** The same for a log that gateways read themselves, with another reader. */
    public HostSettings readByGateways(LogReader.Settings other) {
        return new HostSettings(replicas, snapshots, outbox, other, handOverAfter, false);
    }
}
