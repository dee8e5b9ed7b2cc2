package dev.convene.groupservice.adapter.http;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** What changes something is taken from this machine only: nobody is known by name here. */
final class LocalClients implements HandlerFilterFunction<ServerResponse, ServerResponse> {
    private final String sentence;

    /** @param sentence what others are told */
    LocalClients(String sentence) {
        this.sentence = sentence;
    }

    @Override
    public Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        return isLocal(request)
                ? next.handle(request)
                : Mono.error(new ConveneException(ErrorCode.FORBIDDEN, null, sentence));
    }

    private static boolean isLocal(ServerRequest request) {
        return request.remoteAddress()
                .map(remote ->
                        remote.getAddress() != null && remote.getAddress().isLoopbackAddress())
                .orElse(false);
    }
}
