package dev.convene.groupservice.adapter.http;

import static org.springframework.web.reactive.function.server.RequestPredicates.contentType;

import dev.convene.groupservice.core.shards.ShardOperations;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;

/**
 * Operators' commands, from this machine only. Each answers a sentence as {@code text/plain}; with {@code "dry": true}
 * nothing is written.
 *
 * <ul>
 *   <li>{@code POST /v1/ops/skip} {@code {"log", "partition", "offset", "dry"}}
 *   <li>{@code POST /v1/ops/behaviour} {@code {"log", "version", "dry"}}
 *   <li>{@code POST /v1/ops/epoch} {@code {"log", "snapshotsOf", "dry"}}
 *   <li>{@code GET /v1/ops/digest?log=&partition=}
 * </ul>
 */
public final class OperationRoutes {
    private static final ParameterizedTypeReference<Map<String, Object>> FIELDS = new ParameterizedTypeReference<>() {};

    private final ShardOperations operations;

    public OperationRoutes(ShardOperations operations) {
        this.operations = operations;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .POST("/v1/ops/skip", contentType(MediaType.APPLICATION_JSON), request -> command(request, this::skip))
                .POST(
                        "/v1/ops/behaviour",
                        contentType(MediaType.APPLICATION_JSON),
                        request -> command(request, this::behaviour))
                .POST(
                        "/v1/ops/epoch",
                        contentType(MediaType.APPLICATION_JSON),
                        request -> command(request, this::epoch))
                .POST(
                        "/v1/ops/{command:skip|behaviour|epoch}",
                        request -> Mono.error(new ConveneException(ErrorCode.UNSUPPORTED_MEDIA_TYPE)))
                .GET("/v1/ops/digest", this::digest)
                .filter(new LocalClients("operators' commands are taken from this machine only"))
                .build();
    }

    private static Mono<ServerResponse> command(
            ServerRequest request, Function<CommandFields, CompletableFuture<String>> command) {
        return request.bodyToMono(FIELDS)
                .defaultIfEmpty(Map.of())
                .onErrorMap(
                        ServerWebInputException.class,
                        e -> new ConveneException(ErrorCode.BAD_FRAME, null, "send one JSON object"))
                .flatMap(fields -> Mono.fromFuture(command.apply(new CommandFields(fields))))
                .flatMap(done ->
                        ServerResponse.ok().contentType(MediaType.TEXT_PLAIN).bodyValue(done + "\n"));
    }

    private CompletableFuture<String> skip(CommandFields fields) {
        return operations.skip(
                fields.text("log"), fields.whole("partition"), fields.number("offset"), fields.isSet("dry"));
    }

    private CompletableFuture<String> behaviour(CommandFields fields) {
        return operations.behaviour(fields.text("log"), fields.whole("version"), fields.isSet("dry"));
    }

    private CompletableFuture<String> epoch(CommandFields fields) {
        return operations.raiseEpoch(fields.text("log"), fields.textIfAny("snapshotsOf"), fields.isSet("dry"));
    }

    private Mono<ServerResponse> digest(ServerRequest request) {
        CommandFields fields =
                new CommandFields(Map.copyOf(request.queryParams().toSingleValueMap()));
        return Mono.fromFuture(operations.digest(fields.text("log"), fields.whole("partition")))
                .flatMap(digest -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(digest));
    }
}
