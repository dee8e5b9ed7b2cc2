package dev.convene.gateway.adapter.http;

import dev.convene.gateway.core.Gateway;
import dev.convene.gateway.core.Principal;
import dev.convene.gateway.core.ReaderKind;
import dev.convene.gateway.core.ResumeRequest;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.SessionOperation.Resume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code GET /v1/sessions/{session}/stream}: the session's pushes as server-sent events.
 *
 * <p>With {@code Last-Event-ID} (or, for the first time, {@code at}) the session is resumed at those positions, so that a
 * connection that broke loses nothing. Without, the stream begins with what waits.
 */
final class StreamApi {
    private static final int POSITIONS_LENGTH_MAX = 16 * 1024;

    private final Gateway gateway;
    private final FrameCodec codec;
    private final Draining draining;
    private final Duration readerTimeout;

    StreamApi(Gateway gateway, FrameCodec codec, Draining draining, Duration readerTimeout) {
        this.gateway = gateway;
        this.codec = codec;
        this.draining = draining;
        this.readerTimeout = readerTimeout;
    }

    Mono<ServerResponse> stream(ServerRequest request) {
        return Mono.defer(() -> open(request))
                .flatMap(stream -> ServerResponse.ok()
                        .contentType(MediaType.TEXT_EVENT_STREAM)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        // Proxies that collect answers would hold the events back.
                        .header("X-Accel-Buffering", "no")
                        .body((message, _) -> message.writeAndFlushWith(parts(stream, message.bufferFactory()))));
    }

    /** The rest writes itself: so it knows when the socket has taken what. */
    private static Flux<Mono<DataBuffer>> parts(EventStream stream, DataBufferFactory factory) {
        return Flux.just(
                Mono.fromSupplier(() -> factory.wrap(stream.first())),
                stream.rest().cast(DataBuffer.class));
    }

    private Mono<EventStream> open(ServerRequest request) {
        String session = request.pathVariable("session");
        String token = token(request);
        List<At> at = positions(request);
        Principal principal = Principals.of(request);
        if (at.isEmpty()) {
            return SessionApi.from(() -> gateway.reading(session, token, at, principal))
                    .map(served -> stream(request, served, null));
        }
        ResumeRequest again = new ResumeRequest(new Resume(session, token, at), principal, ReaderKind.REQUESTS);
        return SessionApi.from(() -> gateway.resume(again))
                .map(opened -> stream(request, opened.session(), opened.answer()));
    }

    private EventStream stream(ServerRequest request, LocalSession session, Answer.@Nullable Resumed resumed) {
        return new EventStream(gateway, session, codec, draining, resumed, StreamSocket.of(request), readerTimeout);
    }

    /** Programs in browsers cannot set headers of an event stream, so here the token may stand in the query. */
    private static String token(ServerRequest request) {
        String token = Bodies.bearer(request);
        return token != null ? token : request.queryParam("token").orElseGet(() -> Bodies.token(request));
    }

    private List<At> positions(ServerRequest request) {
        String last = request.headers().firstHeader("Last-Event-ID");
        return last != null && !last.isBlank()
                ? parse(last, "Last-Event-ID")
                : parse(request.queryParam("at").orElse(null), "at");
    }

    private List<At> parse(@Nullable String text, String field) {
        if (text == null || text.isBlank()) {
            return List.of();
        }
        String[] parts = text.split(",", gateway.limits().domainsPerSessionMax() + 1);
        if (text.length() > POSITIONS_LENGTH_MAX
                || parts.length > gateway.limits().domainsPerSessionMax()) {
            throw new ConveneException(ErrorCode.BAD_POSITION, field, ErrorCode.BAD_POSITION.advice());
        }
        List<At> positions = new ArrayList<>(parts.length);
        for (String part : parts) {
            positions.add(At.parse(part.strip(), field));
        }
        return positions;
    }
}
