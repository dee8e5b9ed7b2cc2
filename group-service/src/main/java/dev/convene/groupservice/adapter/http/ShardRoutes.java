package dev.convene.groupservice.adapter.http;

import dev.convene.groupservice.core.shards.ShardStatus;
import dev.convene.groupservice.core.shards.ShardTable;
import dev.convene.groupservice.core.shards.Shards;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /v1/shards}: the shards that this process holds, and how they stand; JSON, or a table as plain text. */
public final class ShardRoutes {
    private final Shards shards;

    public ShardRoutes(Shards shards) {
        this.shards = shards;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET(
                        "/v1/shards",
                        request -> Mono.fromFuture(shards.status()).flatMap(status -> answer(request, status)))
                .build();
    }

    private static Mono<ServerResponse> answer(ServerRequest request, List<ShardStatus> status) {
        if (request.headers().accept().contains(MediaType.TEXT_PLAIN)) {
            return ServerResponse.ok().contentType(MediaType.TEXT_PLAIN).bodyValue(ShardTable.of(status));
        }
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(status);
    }
}
