package dev.convene.groupservice.adapter.http;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.net.InetSocketAddress;
import java.util.Set;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Keeps web pages out: no request with an {@code Origin} is served, and a server that is bound to the loopback interface
 * serves only requests that name a loopback host, so that a name that resolves there from elsewhere is of no use.
 */
final class LocalOnly implements HandlerFilterFunction<ServerResponse, ServerResponse> {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final boolean loopback;

    /** @param loopback whether the server is bound to the loopback interface */
    LocalOnly(boolean loopback) {
        this.loopback = loopback;
    }

    @Override
    public Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        if (request.headers().asHttpHeaders().getOrigin() != null) {
            return Mono.error(new ConveneException(ErrorCode.FORBIDDEN, "Origin", "web pages are not served here"));
        }
        InetSocketAddress host = request.headers().host();
        if (loopback && (host == null || !LOOPBACK.contains(host.getHostString()))) {
            return Mono.error(new ConveneException(ErrorCode.FORBIDDEN, "Host", "name a loopback host"));
        }
        return next.handle(request);
    }
}
