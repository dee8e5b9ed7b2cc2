package dev.convene.runtime.host.log;

import org.jspecify.annotations.Nullable;

/** The topics are not as they have to be; the message says what to do. */
public final class TopicsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TopicsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
