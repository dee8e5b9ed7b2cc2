package dev.convene.runtime.host;

/** A position that cannot be read: the log does not have it any longer, or not yet, and no snapshot helps. */
public final class PositionGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PositionGoneException(String message) {
        super(message, null, false, false);
    }
}
