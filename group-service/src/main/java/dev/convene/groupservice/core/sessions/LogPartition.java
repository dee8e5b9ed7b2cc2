package dev.convene.groupservice.core.sessions;

/** A partition of a log: where sessions and gateway lives are attached. Ordered by log, then number. */
record LogPartition(String log, int partition) implements Comparable<LogPartition> {

    @Override
    public int compareTo(LogPartition other) {
        int byLog = log.compareTo(other.log);
        return byLog != 0 ? byLog : Integer.compare(partition, other.partition);
    }
}
