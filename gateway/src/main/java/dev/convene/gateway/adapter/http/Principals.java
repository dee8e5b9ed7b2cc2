package dev.convene.gateway.adapter.http;

import dev.convene.gateway.core.Authenticator;
import dev.convene.gateway.core.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Asks who sends a request before anything is done for it, and tells whoever answers it. */
final class Principals {
    private static final String ATTRIBUTE = Principal.class.getName();

    private final Authenticator authenticator;

    Principals(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    /** Goes before every handler. */
    Mono<ServerResponse> before(ServerRequest request, HandlerFunction<ServerResponse> handler) {
        return Mono.defer(() -> {
            request.attributes().put(ATTRIBUTE, authenticator.authenticate(new RequestFacts(request)));
            return handler.handle(request);
        });
    }

    /** Who sends the request that is being answered. */
    static Principal of(ServerRequest request) {
        if (request.attributes().get(ATTRIBUTE) instanceof Principal principal) {
            return principal;
        }
        throw new IllegalStateException("nobody was asked who sends " + request.path());
    }

    private record RequestFacts(ServerRequest request) implements Authenticator.Facts {
        @Override
        public List<String> headers(String name) {
            return request.headers().header(name);
        }

        @Override
        public @Nullable String parameter(String name) {
            return request.queryParam(name).orElse(null);
        }
    }
}
