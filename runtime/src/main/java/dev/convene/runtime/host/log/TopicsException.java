package dev.convene.runtime.host.log;

/** The topics are not as they have to be; the message says what is the matter. */
public final class TopicsException extends RuntimeException {
    private static final String REACH =
            "See whether convene.kafka.bootstrap-servers names a broker that this machine reaches, and what that says of the"
                    + " topic.";

    private static final String DIFFER =
            "Change what the list names, or start with another cluster (convene.kafka.bootstrap-servers). Every start checks"
                    + " all topics again.";

    private static final long serialVersionUID = 1L;

    private final String advice;

    /** The topics could not be made or checked. */
    TopicsException(String message, Throwable cause) {
        super(message, cause);
        this.advice = REACH;
    }

    /** The topics are there and differ from what they have to be. */
    TopicsException(String message) {
        super(message);
        this.advice = DIFFER;
    }

    /** What to do, for whoever starts a service. */
    public String advice() {
        return advice;
    }
}
