package dev.convene.protocol.log;

/** Bytes of a log that are not in its format. */
public final class MalformedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedRecordException(String message) {
        super(message);
    }
}
