package dev.convene.runtime.host;

import dev.convene.runtime.host.beat.Beat.Standing;

/**
 * A replica as health and metrics show it.
 *
 * @param applied the next offset that it will apply
 * @param term the term that it has read last
 * @param owner the life that owns the shard, empty before the first term
 * @param givesOut whether it gives effects out
 * @param effects effects that are not known to be out: held back by a standby, on their way from an owner
 * @param fault why it does not go on, empty if it does
 */
public record ReplicaStatus(
        String log,
        int partition,
        Standing standing,
        long applied,
        long term,
        String owner,
        boolean givesOut,
        int effects,
        String fault) {

    static ReplicaStatus starting(String log, int partition) {
        return new ReplicaStatus(log, partition, Standing.CATCHING_UP, 0, 0, "", false, 0, "");
    }

    ReplicaStatus halted(TailListener.Halt halt) {
        return new ReplicaStatus(
                log,
                partition,
                Standing.HALTED,
                halt.offset(),
                term,
                owner,
                givesOut,
                effects,
                "halted at offset " + halt.offset() + ": " + halt.what());
    }

    ReplicaStatus unavailable(String why) {
        return new ReplicaStatus(log, partition, standing, applied, term, owner, givesOut, effects, why);
    }

    /** Whether it goes on. */
    public boolean isHealthy() {
        return fault.isEmpty();
    }
}
