package dev.convene.protocol.frame;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ErrorCode.Happened;
import dev.convene.protocol.frame.ServerFrame.Failure;
import org.jspecify.annotations.Nullable;

/**
 * An error over HTTP: RFC 9457 problem details with the fields of {@link Failure} as extensions.
 *
 * @param status the HTTP status
 * @param code the number of the error
 * @param name the name of the error
 * @param detail what is wrong and what to do, for a person
 * @param temporary whether the same request may succeed later
 * @param happened whether the thing may have been done
 * @param field the path of the field at fault, or null
 * @param retryAfterMs after how many milliseconds the client had better come back; 0 if nothing is known of that
 */
public record Problem(
        int status,
        int code,
        String name,
        String detail,
        boolean temporary,
        Happened happened,
        @Nullable String field,
        int retryAfterMs) {
    /** The media type of problems, whatever the request's. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String TYPE_PREFIX = "urn:convene:error:";

    /** The problem for a refusal. */
    public static Problem of(ConveneException e) {
        Failure failure = Failure.of(e);
        return new Problem(
                statusOf(e.code()),
                failure.code(),
                failure.name(),
                failure.message(),
                failure.temporary(),
                failure.happened(),
                failure.field(),
                failure.retryAfterMs());
    }

    /** The HTTP status of an error: what its kind is, else 503 for a temporary one and 400 for the others. */
    public static int statusOf(ErrorCode code) {
        return switch (code) {
            case WRONG_TOKEN -> 401;
            case FORBIDDEN, NOT_YOUR_NAME, PRIVATE_GROUP -> 403;
            case UNKNOWN_OPERATION, NOT_CONNECTED, NO_SUCH_GROUP -> 404;
            case NAME_NOT_UNIQUE, ALREADY_CONNECTED, REQUEST_FORGOTTEN, STALE_EPOCH, VIEW_SUPERSEDED, NOT_A_MEMBER ->
                409;
            case SESSION_ENDED, NOT_RECOVERED -> 410;
            case FRAME_TOO_LARGE, MESSAGE_TOO_LARGE, PRESENCE_TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case KEY_REUSED -> 422;
            case TOO_MANY_OUTSTANDING, TOO_MANY_SESSIONS, KEY_TABLE_FULL -> 429;
            case INTERNAL -> 500;
            case TIMED_OUT, OUTCOME_UNKNOWN -> 504;
            default -> code.isTemporary() ? 503 : 400;
        };
    }

    void write(FieldWriter out) {
        out.text("type", TYPE_PREFIX + name)
                .text("title", name.replace('-', ' '))
                .integer("status", status)
                .text("detail", detail)
                .integer("code", code)
                .text("name", name)
                .flag("temporary", temporary)
                .text("happened", happened.wireName())
                .text("field", field)
                .integerUnless("retryAfterMs", retryAfterMs, 0);
    }

    static Problem read(FieldReader in) {
        int status = 0;
        int code = 0;
        String name = "";
        String detail = "";
        boolean temporary = false;
        Happened happened = Happened.NO;
        String field = null;
        int retryAfterMs = 0;
        for (String key = in.next(); key != null; key = in.next()) {
            switch (key) {
                case "status" -> status = in.count(999);
                case "code" -> code = in.count(Integer.MAX_VALUE);
                case "name" -> name = in.text();
                case "detail" -> detail = in.text(Integer.MAX_VALUE);
                case "temporary" -> temporary = in.flag();
                case "happened" -> happened = happened(in);
                case "field" -> field = in.text(Integer.MAX_VALUE);
                case "retryAfterMs" -> retryAfterMs = in.count(Integer.MAX_VALUE);
                default -> in.skip();
            }
        }
        return new Problem(status, code, name, detail, temporary, happened, field, retryAfterMs);
    }

    static Happened happened(FieldReader in) {
        return switch (in.text()) {
            case "no" -> Happened.NO;
            case "maybe" -> Happened.MAYBE;
            default -> throw in.refusal(ErrorCode.BAD_FIELD);
        };
    }
}
