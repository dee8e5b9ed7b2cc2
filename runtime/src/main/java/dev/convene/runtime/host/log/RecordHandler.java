package dev.convene.runtime.host.log;

/** Takes the records of one partition, in order, on its {@link LogReader}'s thread. Must not block. */
@FunctionalInterface
public interface RecordHandler {

    /** The next record. What happens after an exception is up to {@link #failed}. */
    void record(LogRecord record);

    /** All records of this partition that one fetch brought were given. */
    default void batchEnded() {}

    /**
     * The position is below what the log still has, or above its end. The partition is not read any longer; whoever owns
     * it adds it again at the position of a newer snapshot. Nothing is ever skipped.
     *
     * @param position the offset that was asked for
     */
    default void outOfRange(long position) {
        // Nobody has said what is to be done: the reader tells it in the log, and ends.
        throw new IllegalStateException("the log has nothing at " + position + ", and nobody reads on from elsewhere");
    }

    /**
     * {@link #record} or {@link #batchEnded} threw.
     *
     * @return whether the next record is given; else the partition is not read any longer, and whoever owns it adds it again
     */
    default boolean failed(Throwable failure) {
        // Nobody has said what is to be done: the reader tells it in the log, and ends.
        throw new IllegalStateException("a record could not be handled", failure);
    }
}
