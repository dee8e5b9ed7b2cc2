package dev.convene.runtime.host.log;

import org.jspecify.annotations.Nullable;

/** The topics are not as they have to be; the message says what to do. */
public final class TopicsException extends RuntimeException {
    /** What to do, for whoever starts a service. */
    public static final String ADVICE =
            "See whether convene.kafka.bootstrap-servers names a broker that this machine reaches, and what that says of the"
                    + " topic.";

    private static final long serialVersionUID = 1L;

    TopicsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
