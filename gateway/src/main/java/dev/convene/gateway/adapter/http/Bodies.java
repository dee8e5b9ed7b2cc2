package dev.convene.gateway.adapter.http;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.value.Encoding;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Bodies of requests and answers: bounded, by the frames' codec, in the encoding that the headers say. Thread-safe. */
final class Bodies {
    private final Function<Encoding, FrameCodec> codecs;
    private final int bytesMax;
    private final AtomicLong room;

    private final Duration timeout;

    /**
     * @param bytesMax largest body of one request
     */
    Bodies(Function<Encoding, FrameCodec> codecs, int bytesMax, HttpSettings settings) {
        this.codecs = codecs;
        this.bytesMax = bytesMax;
        this.room = new AtomicLong(settings.bodyBytesMax());
        this.timeout = settings.bodyTimeout();
    }

    /** Reads the fields of an operation; a request without a body has none. */
    Mono<ClientOperation> read(ServerRequest request, String operation) {
        HttpHeaders headers = request.headers().asHttpHeaders();
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        Encoding encoding = type == null ? null : Encoding.ofMediaType(type);
        if (type != null && encoding == null) {
            return Mono.error(new ConveneException(ErrorCode.UNSUPPORTED_MEDIA_TYPE));
        }
        return bytes(request).map(body -> {
            if (encoding == null && body.length > 0) {
                throw new ConveneException(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
            }
            return codecs.apply(encoding == null ? Encoding.JSON : encoding).decodeOperation(operation, body);
        });
    }

    private Mono<byte[]> bytes(ServerRequest request) {
        long declared = request.headers().asHttpHeaders().getContentLength();
        if (declared > bytesMax) {
            return Mono.error(tooLarge());
        }
        long reserved = declared >= 0 ? declared : bytesMax;
        if (room.addAndGet(-reserved) < 0) {
            room.addAndGet(reserved);
            return Mono.error(new ConveneException(ErrorCode.OVERLOADED));
        }
        return DataBufferUtils.join(request.exchange().getRequest().getBody(), bytesMax)
                .map(Bodies::take)
                .defaultIfEmpty(new byte[0])
                .timeout(timeout)
                .onErrorMap(DataBufferLimitException.class, _ -> tooLarge())
                .doFinally(_ -> room.addAndGet(reserved));
    }

    private static byte[] take(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private ConveneException tooLarge() {
        return new ConveneException(
                ErrorCode.FRAME_TOO_LARGE,
                null,
                "the body has more than " + bytesMax + " bytes (limits.frameBytesMax)");
    }

    /** The codec of the answer: CBOR if the client prefers it, JSON otherwise. */
    FrameCodec answering(ServerRequest request) {
        return codecs.apply(accepted(request.headers().asHttpHeaders()));
    }

    private static Encoding accepted(HttpHeaders headers) {
        List<MediaType> accepted;
        try {
            accepted = headers.getAccept();
        } catch (InvalidMediaTypeException e) {
            throw new ConveneException(ErrorCode.BAD_FIELD, HttpHeaders.ACCEPT, "this is no list of media types");
        }
        Encoding best = Encoding.JSON;
        double quality = 0;
        for (MediaType one : accepted) {
            Encoding encoding = Encoding.ofMediaType(one.getType() + "/" + one.getSubtype());
            if (encoding != null && one.getQualityValue() > quality) {
                best = encoding;
                quality = one.getQualityValue();
            }
        }
        return best;
    }

    /** 200 with the fields of the answer. */
    Mono<ServerResponse> ok(ServerRequest request, Answer answer) {
        FrameCodec codec = answering(request);
        return ok(codec, codec.encodeAnswer(answer));
    }

    /** 200 with these bytes, which are in the codec's encoding. */
    Mono<ServerResponse> ok(FrameCodec codec, byte[] body) {
        return ServerResponse.ok()
                .header(HttpHeaders.CONTENT_TYPE, codec.encoding().mediaType())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(BodyInserters.fromValue(body));
    }

    /** The token of the request's session. */
    static String token(ServerRequest request) {
        String token = bearer(request);
        if (token == null) {
            throw new ConveneException(
                    ErrorCode.WRONG_TOKEN,
                    HttpHeaders.AUTHORIZATION,
                    "send Authorization: Bearer <the session's token>");
        }
        return token;
    }

    static @Nullable String bearer(ServerRequest request) {
        String header = request.headers().firstHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? header.substring(7).strip()
                : null;
    }
}
