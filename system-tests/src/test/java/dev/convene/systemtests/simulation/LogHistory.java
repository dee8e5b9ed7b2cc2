package dev.convene.systemtests.simulation;

import dev.convene.protocol.At;
import dev.convene.testkit.sim.MemoryLog;
import dev.convene.testkit.sim.Simulation;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** How much of the group log can be read again, and under which epoch: both change as operators and retention decide. */
final class LogHistory {
    private final Simulation simulation;
    private final IntFunction<MemoryLog> logs;
    private final Map<Integer, Long> oldest = new HashMap<>();
    private int raised;

    LogHistory(Simulation simulation, IntFunction<MemoryLog> logs) {
        this.simulation = simulation;
        this.logs = logs;
    }

    /** The epoch that a gateway which starts now reads the log under. */
    String epoch() {
        return "e" + (1 + raised);
    }

    /** After a restore. Gateways have to be started anew. */
    void raiseEpoch() {
        raised++;
        simulation.trace("the group log is of epoch " + epoch());
    }

    /** The oldest offset from which a replay can begin. */
    long oldest(int partition) {
        return oldest.getOrDefault(partition, 0L);
    }

    /** Deletes what is older than some place that a snapshot covers. */
    void truncate(int partition) {
        long end = logs.apply(partition).endOffset();
        long from = Math.max(oldest(partition), simulation.between(end / 2, end));
        oldest.put(partition, from);
        simulation.trace("the history of partition " + partition + " begins at " + from);
    }

    /**
     * Whether what comes after these positions need not be recovered.
     *
     * @param whole whether there is one for each domain; else the session may have to begin far back, also in a domain of
     *     which its client has nothing yet
     */
    boolean mayBeGone(Collection<At> positions, boolean whole) {
        long newest = oldest.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return !whole && newest > 0
                || positions.stream()
                        .anyMatch(at ->
                                !at.epoch().equals(epoch()) || at.position().offset() < newest);
    }
}
