package dev.convene.benchmarks.load;

/** A gateway refused an operation or closed the connection; the message is what it said. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message, null, false, false);
    }
}
