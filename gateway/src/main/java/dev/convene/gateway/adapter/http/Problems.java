package dev.convene.gateway.adapter.http;

import dev.convene.gateway.core.Gateway;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Problem;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/** Whatever goes wrong with a request, its client gets problem details (RFC 9457) and nothing else. */
public final class Problems implements WebExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private final FrameCodec codec;
    private final Gateway gateway;

    /**
     * @param codec writes the problems
     * @param gateway knows when to come back
     */
    public Problems(FrameCodec codec, Gateway gateway) {
        this.codec = codec;
        this.gateway = gateway;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(error);
        }
        Problem problem = problem(error);
        response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
        HttpHeaders headers = response.getHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        switch (problem.status()) {
            case 401 -> headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            // What is left of the body is not waited for.
            case 408, 413 -> headers.set(HttpHeaders.CONNECTION, "close");
            default -> {}
        }
        if (problem.retryAfterMs() > 0) {
            long seconds = (problem.retryAfterMs() + 999L) / 1000;
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        }
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(codec.encodeProblem(problem))));
    }

    private Problem problem(Throwable error) {
        return switch (unwrap(error)) {
            case ConveneException refusal -> Problem.of(gateway.advised(refusal));
            // Of Spring's own: no such address, method, media type.
            case ResponseStatusException status
            when status.getStatusCode().is4xxClientError() ->
                ofStatus(status.getStatusCode().value());
            // The client went away or stopped in the middle of its request.
            case TimeoutException _, AbortedException _, IOException _ ->
                withStatus(408, ErrorCode.BAD_FRAME, "the end of the request did not come in time");
            case Throwable unexpected -> {
                LOG.error("A request failed because of an error in the gateway", unexpected);
                yield Problem.of(new ConveneException(ErrorCode.INTERNAL));
            }
        };
    }

    private static Problem ofStatus(int status) {
        return switch (status) {
            case 404 ->
                Problem.of(new ConveneException(
                        ErrorCode.UNKNOWN_OPERATION,
                        null,
                        "nothing at this address with this method; see /v1/openapi.json"));
            case 405 -> withStatus(status, ErrorCode.UNKNOWN_OPERATION, "not with this method; see /v1/openapi.json");
            case 415 -> Problem.of(new ConveneException(ErrorCode.UNSUPPORTED_MEDIA_TYPE));
            default -> withStatus(status, ErrorCode.BAD_FRAME, "the request cannot be understood");
        };
    }

    private static Problem withStatus(int status, ErrorCode code, String detail) {
        return new Problem(
                status, code.number(), code.wireName(), detail, code.isTemporary(), code.happened(), null, 0);
    }

    static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
