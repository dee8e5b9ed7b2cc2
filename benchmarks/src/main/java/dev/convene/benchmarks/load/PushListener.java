package dev.convene.benchmarks.load;

/** Gets what a gateway pushes to one client, on the event loop: must be quick. Slices are valid during the call only. */
public interface PushListener {
    /** Is not interested. */
    PushListener NONE = new PushListener() {};

    /**
     * A message with a stamp came.
     *
     * @param buffer holds its position, {@code atLength} bytes from {@code at}
     * @param dueNanos when it was to be sent
     * @param nowNanos when the bytes were read
     */
    default void message(byte[] buffer, int at, int atLength, long dueNanos, long nowNanos) {}

    /** Something else came: a view, a signal. */
    default void other(byte[] buffer, int begin, int end, long nowNanos) {}
}
