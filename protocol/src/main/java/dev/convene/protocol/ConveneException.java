package dev.convene.protocol;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A refusal with its numbered error; carries no stack trace, since it is an answer and not a fault. */
public final class ConveneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String field;
    private final long requestId;
    private final int retryAfterMs;

    public ConveneException(ErrorCode code) {
        this(code, null, code.advice());
    }

    /**
     * @param field the path of the field at fault, such as {@code join.group}, or null
     * @param message what is wrong and what to do, one sentence for a person
     */
    public ConveneException(ErrorCode code, @Nullable String field, String message) {
        this(code, field, message, 0, 0);
    }

    private ConveneException(ErrorCode code, @Nullable String field, String message, long requestId, int retryAfterMs) {
        super(message, null, false, false);
        this.code = code;
        this.field = field;
        this.requestId = requestId;
        this.retryAfterMs = retryAfterMs;
    }

    /** What a stage of a future failed with, without what later stages wrap it in. */
    public static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The refusal that a stage of a future failed with; {@link ErrorCode#INTERNAL} for any other failure. */
    public static ConveneException of(Throwable failure) {
        return causeOf(failure) instanceof ConveneException refusal
                ? refusal
                : new ConveneException(ErrorCode.INTERNAL);
    }

    /** The same refusal as the answer to the request with this id; 0 if the request has none. */
    public ConveneException answering(long id) {
        return id == requestId ? this : new ConveneException(code, field, message(), id, retryAfterMs);
    }

    /** The same refusal with the advice not to come back sooner, milliseconds; 0 for none. */
    public ConveneException retryAfter(int ms) {
        return new ConveneException(code, field, message(), requestId, ms);
    }

    /** The numbered error. */
    public ErrorCode code() {
        return code;
    }

    /** The path of the field at fault, or null. */
    public @Nullable String field() {
        return field;
    }

    /** The id of the request that this answers, or 0 if that is unknown or it has none. */
    public long requestId() {
        return requestId;
    }

    /** After how many milliseconds the client had better come back; 0 if nothing is known of that. */
    public int retryAfterMs() {
        return retryAfterMs;
    }

    /** The sentence for a person. */
    public String message() {
        String message = getMessage();
        return message == null ? code.advice() : message;
    }
}
