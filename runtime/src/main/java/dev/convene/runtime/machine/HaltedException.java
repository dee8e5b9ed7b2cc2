package dev.convene.runtime.machine;

/**
 * The shard cannot go on: a change that had been checked failed. Its state is not to be used any longer; a new machine
 * from a snapshot, told to skip the offset, can go on once an operator has decided so.
 */
public final class HaltedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    public HaltedException(long offset, String what, Throwable cause) {
        super(what + " at offset " + offset, cause);
        this.offset = offset;
    }

    /** The offset of the record that could not be applied. */
    public long offset() {
        return offset;
    }
}
