package dev.convene.groupservice.adapter.http;

import dev.convene.groupservice.core.shards.Shards;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /v1/shards}: the shards that this process holds, and how they stand. */
public final class ShardRoutes {
    private final Shards shards;

    public ShardRoutes(Shards shards) {
        this.shards = shards;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET(
                        "/v1/shards",
                        request -> Mono.fromFuture(shards.status())
                                .flatMap(status -> ServerResponse.ok()
                                        .contentType(MediaType.APPLICATION_JSON)
                                        .bodyValue(status)))
                .build();
    }
}
