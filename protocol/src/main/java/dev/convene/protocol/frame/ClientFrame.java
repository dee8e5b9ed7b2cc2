package dev.convene.protocol.frame;

/**
 * A frame from a client.
 *
 * @param id 1 to 2^53 - 1, repeated in the answer; 0 if the client wants no answer, only errors
 * @param operation what it asks for
 */
public record ClientFrame(long id, ClientOperation operation) {
    /** The largest id and sequence number: every double below it is exact. */
    public static final long ID_MAX = (1L << 53) - 1;
}
