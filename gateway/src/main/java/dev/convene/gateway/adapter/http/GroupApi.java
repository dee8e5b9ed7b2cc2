package dev.convene.gateway.adapter.http;

import dev.convene.gateway.core.Gateway;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.GroupOperation.Multicast;
import dev.convene.protocol.value.Encoding;
import java.util.function.Function;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Requests without a session. */
final class GroupApi {
    private final Gateway gateway;
    private final Function<Encoding, FrameCodec> codecs;
    private final Bodies bodies;

    GroupApi(Gateway gateway, Function<Encoding, FrameCodec> codecs, Bodies bodies) {
        this.gateway = gateway;
        this.codecs = codecs;
        this.bodies = bodies;
    }

    /** {@code POST /v1/multicast}. */
    Mono<ServerResponse> multicast(ServerRequest request) {
        return bodies.read(request, Multicast.NAME)
                .map(operation -> Idempotency.apply(request, operation))
                .flatMap(operation -> call(request, operation));
    }

    /** {@code GET /v1/{operation}}: its fields stand in the query. */
    Mono<ServerResponse> query(ServerRequest request, String operation) {
        return Mono.defer(
                () -> call(request, codecs.apply(Encoding.JSON).decodeQuery(operation, request.queryParams())));
    }

    /** {@code GET /v1/limits}. */
    Mono<ServerResponse> limits(ServerRequest request) {
        return Mono.defer(() -> {
            FrameCodec codec = bodies.answering(request);
            return bodies.ok(codec, codec.encodeLimits(gateway.limits()));
        });
    }

    private Mono<ServerResponse> call(ServerRequest request, ClientOperation operation) {
        return SessionApi.from(() -> gateway.call(Principals.of(request), (GroupOperation) operation))
                .flatMap(answer -> bodies.ok(request, answer));
    }
}
