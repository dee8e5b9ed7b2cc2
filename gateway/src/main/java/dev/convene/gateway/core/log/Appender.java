package dev.convene.gateway.core.log;

import dev.convene.protocol.ConveneException;

/** Appends records. Thread-safe; what one thread appends to one partition keeps its order. Does not block for long. */
public interface Appender {

    /**
     * Appends a record, to be acknowledged by all in-sync replicas.
     *
     * @param done told the outcome once, on any thread, perhaps before this returns
     * @throws ConveneException if it was not even begun: the record will never be in the log; {@code done} is not told
     */
    void append(String log, int partition, OutRecord rec, Done done);

    /**
     * Appends a record that may be lost, without acknowledgement.
     *
     * @return whether it was tried
     */
    boolean appendUnreliably(String log, int partition, OutRecord rec);

    /** Hears how an append ended. */
    interface Done {
        void appended(long offset);

        /** @param maybe whether the record may be in the log, or may still come there */
        void failed(boolean maybe);
    }
}
