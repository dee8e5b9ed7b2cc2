package dev.convene.gateway.adapter.http;

import dev.convene.gateway.core.Gateway;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.HttpFault;
import dev.convene.protocol.frame.Problem;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.server.MethodNotAllowedException;
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
    private final Addresses addresses;

    /**
     * @param codec writes the problems
     * @param gateway knows when to come back
     * @param routes what there is, for those who know an address and not its methods
     */
    public Problems(FrameCodec codec, Gateway gateway, RouterFunction<?> routes) {
        this.codec = codec;
        this.gateway = gateway;
        this.addresses = Addresses.of(routes);
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        Throwable error = orOtherMethod(exchange.getRequest(), failure);
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
        if (error instanceof MethodNotAllowedException other) {
            headers.setAllow(other.getSupportedMethods());
        }
        if (problem.retryAfterMs() > 0) {
            long seconds = (problem.retryAfterMs() + 999L) / 1000;
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        }
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(codec.encodeProblem(problem))));
    }

    /** No route says why it does not fit. */
    private Throwable orOtherMethod(ServerHttpRequest request, Throwable failure) {
        if (!(failure instanceof ResponseStatusException status) || status.getStatusCode() != HttpStatus.NOT_FOUND) {
            return failure;
        }
        Set<HttpMethod> methods = addresses.methodsAt(request.getPath().pathWithinApplication());
        return methods.isEmpty() ? failure : new MethodNotAllowedException(request.getMethod(), methods);
    }

    private Problem problem(Throwable error) {
        return switch (ConveneException.causeOf(error)) {
            case ConveneException refusal -> Problem.of(gateway.advised(refusal));
            // Of Spring's own: no such address, method, media type.
            case ResponseStatusException status
            when status.getStatusCode().is4xxClientError() ->
                HttpFault.ofStatus(status.getStatusCode().value()).problem();
            // The client went away or stopped in the middle of its request.
            case TimeoutException _, AbortedException _, IOException _ -> HttpFault.TIMEOUT.problem();
            case Throwable unexpected -> {
                LOG.error("A request failed because of an error in the gateway", unexpected);
                yield Problem.of(new ConveneException(ErrorCode.INTERNAL));
            }
        };
    }
}
