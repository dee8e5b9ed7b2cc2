package dev.convene.testkit.client;

import dev.convene.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What a client is told when its request is refused. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final boolean temporary;
    private final @Nullable String field;

    public Refused(int code, String message, boolean temporary, @Nullable String field) {
        super(code + " " + message);
        this.code = code;
        this.temporary = temporary;
        this.field = field;
    }

    /** The error, or null if its number is not known. */
    public @Nullable ErrorCode code() {
        return ErrorCode.ofNumber(code);
    }

    public boolean isTemporary() {
        return temporary;
    }

    public @Nullable String field() {
        return field;
    }
}
