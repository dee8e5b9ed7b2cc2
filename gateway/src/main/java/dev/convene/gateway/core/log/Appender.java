package dev.convene.gateway.core.log;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;

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
     * Appends a record that may be lost: now or never.
     *
     * @param dropped called once if it is known to be lost, on any thread, perhaps before this returns
     */
    void appendUnreliably(String log, int partition, OutRecord rec, Runnable dropped);

    /** Hears how an append ended. */
    interface Done {
        void appended(long offset);

        /** @param maybe whether the record may be in the log, or may still come there */
        void failed(boolean maybe);

        /**
         * The log will never take this record, whenever it is tried; this one is not in it.
         *
         * @param reason what whoever asked for it is told
         */
        default void refused(ErrorCode reason) {
            failed(false);
        }
    }
}
