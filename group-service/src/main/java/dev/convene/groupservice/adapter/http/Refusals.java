package dev.convene.groupservice.adapter.http;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.HttpFault;
import dev.convene.protocol.frame.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** Turns whatever went wrong into problem details (RFC 9457) with the numbered error. */
final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(Refusals.class);
    private static final FrameCodec CODEC = FrameCodec.json(Limits.DEFAULT);

    private Refusals() {}

    /** The bytes of a problem. */
    static byte[] encode(Problem problem) {
        return CODEC.encodeProblem(problem);
    }

    static Mono<ServerResponse> fault(HttpFault fault) {
        return answer(fault.problem());
    }

    static Mono<ServerResponse> problem(Throwable failure) {
        return answer(
                failure instanceof ResponseStatusException status
                                && status.getStatusCode().is4xxClientError()
                        ? HttpFault.ofStatus(status.getStatusCode().value()).problem()
                        : Problem.of(refusal(failure)));
    }

    private static Mono<ServerResponse> answer(Problem problem) {
        ServerResponse.BodyBuilder response =
                ServerResponse.status(problem.status()).contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE));
        if (problem.temporary()) {
            response.header("Retry-After", "1");
        }
        return response.bodyValue(encode(problem));
    }

    private static ConveneException refusal(Throwable failure) {
        Throwable cause = ConveneException.causeOf(failure);
        return switch (cause) {
            case ConveneException e -> e;
            case DataBufferLimitException e -> new ConveneException(ErrorCode.FRAME_TOO_LARGE);
            default -> {
                log.error("A request failed", cause);
                yield new ConveneException(ErrorCode.INTERNAL);
            }
        };
    }
}
