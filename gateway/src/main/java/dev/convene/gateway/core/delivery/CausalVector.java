package dev.convene.gateway.core.delivery;

import dev.convene.protocol.group.GroupCommand.Cause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * For each partition the newest offset that causally precedes what a session sends next: the maximum of all that was
 * delivered to it, all that it sent, and their causes. As many entries as partitions at most. Thread-safe.
 */
public final class CausalVector {
    private int[] partitions = {};
    private long[] offsets = {};

    public synchronized void raise(int partition, long offset) {
        for (int i = 0; i < partitions.length; i++) {
            if (partitions[i] == partition) {
                offsets[i] = Math.max(offsets[i], offset);
                return;
            }
        }
        int count = partitions.length;
        partitions = Arrays.copyOf(partitions, count + 1);
        offsets = Arrays.copyOf(offsets, count + 1);
        partitions[count] = partition;
        offsets[count] = offset;
    }

    public synchronized void raise(List<Cause> causes) {
        for (Cause cause : causes) {
            raise(cause.partition(), cause.offset());
        }
    }

    /** What a message to this partition has to wait for in the others. */
    public synchronized List<Cause> causesFor(int partition) {
        if (partitions.length == 0 || partitions.length == 1 && partitions[0] == partition) {
            return List.of();
        }
        List<Cause> causes = new ArrayList<>(partitions.length);
        for (int i = 0; i < partitions.length; i++) {
            if (partitions[i] != partition && offsets[i] >= 0) {
                causes.add(new Cause(partitions[i], offsets[i]));
            }
        }
        return causes;
    }
}
