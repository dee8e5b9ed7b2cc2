package dev.convene.standalone.broker;

import org.jspecify.annotations.Nullable;

/** The broker did not start; the message says what is in the way and what to do about it. */
public final class BrokerStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokerStartException(String message) {
        super(message);
    }

    BrokerStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
