package dev.convene.protocol.frame;

import dev.convene.protocol.ErrorCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be wrong with a request before anybody looks at what it asks for, each with its HTTP status, its numbered error
 * and a sentence. One place for all servers, so that no status travels without a problem.
 */
public enum HttpFault {
    SYNTAX(400, ErrorCode.BAD_REQUEST, "this is not HTTP/1.1 as RFC 9112 has it; the connection is closed"),
    ADDRESS(400, ErrorCode.BAD_REQUEST, "the address is no path that begins with / and is percent-encoded"),
    NOT_FOUND(
            404,
            ErrorCode.UNKNOWN_OPERATION,
            "nothing at this address with this method; the addresses are in /v1/openapi.json"),
    METHOD(405, ErrorCode.UNKNOWN_OPERATION, "not with this method; the addresses are in /v1/openapi.json"),
    ACCEPT(406, ErrorCode.BAD_REQUEST, "there is nothing of a media type that Accept names"),
    TIMEOUT(408, ErrorCode.BAD_FRAME, "the end of the request did not come in time"),
    LINE_TOO_LONG(414, ErrorCode.BAD_REQUEST, "the request line is too long; send the fields in the body of a POST"),
    MEDIA_TYPE(415, ErrorCode.UNSUPPORTED_MEDIA_TYPE, ErrorCode.UNSUPPORTED_MEDIA_TYPE.advice()),
    EXPECTATION(417, ErrorCode.BAD_REQUEST, "the only expectation that is met is 100-continue"),
    HEADERS_TOO_LARGE(431, ErrorCode.BAD_REQUEST, "the headers are too large; a request carries 8 KiB of them at most"),
    CODING(501, ErrorCode.BAD_REQUEST, "the only transfer coding is chunked"),
    VERSION(505, ErrorCode.BAD_REQUEST, "send HTTP/1.1");

    private final int status;
    private final ErrorCode error;
    private final String detail;

    HttpFault(int status, ErrorCode error, String detail) {
        this.status = status;
        this.error = error;
        this.detail = detail;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The problem that says so. */
    public Problem problem() {
        return new Problem(
                status, error.number(), error.wireName(), detail, error.isTemporary(), error.happened(), null, 0);
    }

    /** The fault with this status; {@link #SYNTAX} for a 4xx that has none of its own. */
    public static HttpFault ofStatus(int status) {
        for (HttpFault fault : values()) {
            if (fault.status == status) {
                return fault;
            }
        }
        return SYNTAX;
    }

    /**
     * What is wrong with the head of a request that was read, or null.
     *
     * @param versionMajor the 1 of HTTP/1.1
     * @param target the address as it was sent
     * @param codings the headers {@code Transfer-Encoding}
     * @param expectations the headers {@code Expect}
     */
    public static @Nullable HttpFault of(
            int versionMajor, String target, List<String> codings, List<String> expectations) {
        if (versionMajor != 1) {
            return VERSION;
        }
        if (!isAddress(target)) {
            return ADDRESS;
        }
        // Several codings, or chunked twice: what two readers could understand in two ways.
        if (codings.size() > 1
                || codings.size() == 1 && !codings.getFirst().strip().equalsIgnoreCase("chunked")) {
            return CODING;
        }
        return expectations.stream().allMatch(each -> each.strip().equalsIgnoreCase("100-continue"))
                ? null
                : EXPECTATION;
    }

    private static boolean isAddress(String target) {
        try {
            URI uri = new URI(target.startsWith("/") ? "http://h" + target : target);
            return target.startsWith("/") || uri.isAbsolute() && uri.getRawAuthority() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
