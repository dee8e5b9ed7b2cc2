package dev.convene.testkit.sim;

import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The snapshots of a shard that replicas share, and the digests by which they are compared. */
final class Snapshots {
    private static final int KEPT = 2;
    /** Digests are compared at every so many offsets: they cost a whole snapshot each. */
    private static final int COMPARED_EVERY = 16;

    record Snapshot(long nextOffset, byte[] bytes) {}

    private final List<Snapshot> kept = new ArrayList<>();
    private final Map<Long, String> digests = new HashMap<>();

    List<Snapshot> kept() {
        return List.copyOf(kept);
    }

    long newest() {
        return kept.isEmpty() ? 0 : kept.getLast().nextOffset;
    }

    void add(Snapshot snapshot) {
        kept.add(snapshot);
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
    }

    /** All replicas must be the same after the same record. */
    void compare(String replica, long offset, ShardMachine<?> machine) {
        if (offset % COMPARED_EVERY != 0) {
            return;
        }
        String digest = machine.digest();
        String known = digests.putIfAbsent(offset, digest);
        if (known != null && !known.equals(digest)) {
            throw new AssertionError(replica + " differs from the others after offset " + offset);
        }
    }
}
