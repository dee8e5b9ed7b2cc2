package dev.convene.gateway.core.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How many messages of a session are on their way to each partition: handed on, and the log has not shown yet what became of
 * them. One whose sender was told that its outcome is unknown is still on its way. As many entries as partitions at most.
 * Thread-safe.
 */
public final class OpenSends {
    private record Waiting(int partition, CompletableFuture<Void> done) {}

    private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);

    private int[] partitions = {};
    private int[] counts = {};
    private final List<Waiting> waiting = new ArrayList<>(0);

    /** A message was handed on. */
    public synchronized void sent(int partition) {
        for (int i = 0; i < partitions.length; i++) {
            if (partitions[i] == partition) {
                counts[i]++;
                return;
            }
        }
        int count = partitions.length;
        partitions = Arrays.copyOf(partitions, count + 1);
        counts = Arrays.copyOf(counts, count + 1);
        partitions[count] = partition;
        counts[count] = 1;
    }

    /** The log shows what became of a message, or nobody will ever know. Once for each that was {@link #sent}. */
    public void settled(int partition) {
        List<Waiting> over = List.of();
        synchronized (this) {
            for (int i = 0; i < partitions.length; i++) {
                if (partitions[i] == partition) {
                    counts[i]--;
                }
            }
            if (!waiting.isEmpty()) {
                over = waiting.stream().filter(one -> !hasOthers(one.partition)).toList();
                waiting.removeAll(over);
            }
        }
        over.forEach(one -> one.done.complete(null));
    }

    /** Completes, never exceptionally, when no message to another partition is on its way. */
    public synchronized CompletableFuture<?> othersDone(int partition) {
        if (!hasOthers(partition)) {
            return NOTHING;
        }
        for (Waiting one : waiting) {
            if (one.partition == partition) {
                return one.done;
            }
        }
        Waiting one = new Waiting(partition, new CompletableFuture<>());
        waiting.add(one);
        return one.done;
    }

    private boolean hasOthers(int partition) {
        for (int i = 0; i < partitions.length; i++) {
            if (partitions[i] != partition && counts[i] > 0) {
                return true;
            }
        }
        return false;
    }
}
