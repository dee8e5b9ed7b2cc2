package dev.convene.protocol;

import org.jspecify.annotations.Nullable;

/** A refusal with its numbered error; carries no stack trace, since it is an answer and not a fault. */
public final class ConveneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String field;

    public ConveneException(ErrorCode code) {
        this(code, null, code.advice());
    }

    /**
     * @param field the path of the field at fault, such as {@code join.group}, or null
     * @param message what is wrong and what to do, one sentence for a person
     */
    public ConveneException(ErrorCode code, @Nullable String field, String message) {
        super(message, null, false, false);
        this.code = code;
        this.field = field;
    }

    /** The numbered error. */
    public ErrorCode code() {
        return code;
    }

    /** The path of the field at fault, or null. */
    public @Nullable String field() {
        return field;
    }

    /** The sentence for a person. */
    public String message() {
        String message = getMessage();
        return message == null ? code.advice() : message;
    }
}
