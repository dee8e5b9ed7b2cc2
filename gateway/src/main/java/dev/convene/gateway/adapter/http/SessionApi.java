package dev.convene.gateway.adapter.http;

import dev.convene.gateway.core.ConnectRequest;
import dev.convene.gateway.core.Gateway;
import dev.convene.gateway.core.Opened;
import dev.convene.gateway.core.ReaderKind;
import dev.convene.gateway.core.Received;
import dev.convene.gateway.core.ResumeRequest;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.SessionOperation.Close;
import dev.convene.protocol.frame.SessionOperation.Connect;
import dev.convene.protocol.frame.SessionOperation.Receive;
import dev.convene.protocol.frame.SessionOperation.Resume;
import dev.convene.protocol.frame.SessionOperation.Seen;
import dev.convene.protocol.value.Encoding;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;

/** Requests of sessions. */
final class SessionApi {
    private static final String SESSION = "session";

    private final Gateway gateway;
    private final Function<Encoding, FrameCodec> codecs;
    private final Bodies bodies;
    private final Draining draining;

    SessionApi(Gateway gateway, Function<Encoding, FrameCodec> codecs, Bodies bodies, Draining draining) {
        this.gateway = gateway;
        this.codecs = codecs;
        this.bodies = bodies;
        this.draining = draining;
    }

    /** {@code POST /v1/sessions}. */
    Mono<ServerResponse> connect(ServerRequest request) {
        return bodies.read(request, Connect.NAME)
                .map(Connect.class::cast)
                .map(connect -> new ConnectRequest(connect, Principals.of(request), ReaderKind.REQUESTS))
                .flatMap(connect -> from(() -> gateway.connect(connect)))
                .map(Opened::answer)
                .flatMap(answer -> bodies.ok(request, answer));
    }

    /** {@code POST /v1/sessions/{session}/{operation}}. */
    Mono<ServerResponse> operate(ServerRequest request, String operation) {
        return bodies.read(request, operation).flatMap(asked -> switch (asked) {
            case Connect _ ->
                Mono.error(new ConveneException(ErrorCode.UNKNOWN_OPERATION, "connect", "POST /v1/sessions"));
            case Resume resume -> resume(request, resume);
            case Receive receive -> receive(request, receive);
            case ClientOperation other -> call(request, Idempotency.apply(request, other));
        });
    }

    /** {@code DELETE /v1/sessions/{session}}. */
    Mono<ServerResponse> close(ServerRequest request) {
        return call(request, new Close());
    }

    /** {@code GET /v1/sessions/{session}/receive}. */
    Mono<ServerResponse> receive(ServerRequest request) {
        return Mono.defer(() -> {
            ClientOperation operation = codecs.apply(Encoding.JSON).decodeQuery(Receive.NAME, request.queryParams());
            return receive(request, (Receive) operation);
        });
    }

    private Mono<ServerResponse> resume(ServerRequest request, Resume resume) {
        if (!resume.session().equals(request.pathVariable(SESSION))) {
            return Mono.error(new ConveneException(
                    ErrorCode.BAD_FIELD, "resume.session", "the session in the body is another than in the address"));
        }
        ResumeRequest again = new ResumeRequest(resume, Principals.of(request), ReaderKind.REQUESTS);
        return from(() -> gateway.resume(again)).map(Opened::answer).flatMap(answer -> bodies.ok(request, answer));
    }

    private Mono<ServerResponse> call(ServerRequest request, ClientOperation operation) {
        List<At> at = operation instanceof Seen seen ? seen.at() : List.of();
        return session(request, at)
                .flatMap(session -> {
                    Mono<Answer> answer = from(() -> gateway.call(session, operation));
                    return operation instanceof GroupOperation.Request
                            ? untilDraining(answer, ErrorCode.OUTCOME_UNKNOWN)
                            : answer;
                })
                .flatMap(answer -> bodies.ok(request, answer));
    }

    /** What may wait long, such as for a reply or a message, does not hold up an instance that goes down. */
    private <T> Mono<T> untilDraining(Mono<T> waiting, ErrorCode then) {
        return waiting.takeUntilOther(draining.begun()).switchIfEmpty(Mono.error(() -> new ConveneException(then)));
    }

    private Mono<ServerResponse> receive(ServerRequest request, Receive asked) {
        Preference preference = Preference.of(request);
        int waitMs = asked.waitMs() > 0 || preference == null
                ? asked.waitMs()
                : preference.waitMs(gateway.limits().waitMsMax());
        Receive receive = new Receive(waitMs, asked.limit(), asked.seen());
        FrameCodec codec = bodies.answering(request);
        Mono<Received> waiting = reading(request, receive.seen())
                .flatMap(session -> cancellable(() -> gateway.receive(session, receive)));
        return untilDraining(waiting, ErrorCode.SHUTTING_DOWN).flatMap(received -> answer(received, codec, preference));
    }

    private static Mono<ServerResponse> answer(Received received, FrameCodec codec, @Nullable Preference preference) {
        ServerResponse.BodyBuilder response = ServerResponse.status(
                        received.pushes().isEmpty() ? HttpStatus.NO_CONTENT : HttpStatus.OK)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (preference != null) {
            response.header("Preference-Applied", preference.text());
        }
        return received.pushes().isEmpty()
                ? response.build()
                : response.header(HttpHeaders.CONTENT_TYPE, codec.encoding().mediaType())
                        .body(BodyInserters.fromValue(received(codec, received)));
    }

    private static byte[] received(FrameCodec codec, Received received) {
        return codec.received()
                .join(received.pushes().stream()
                        .map(push -> push.encoded(codec))
                        .toList());
    }

    /** The session of the request, taken over from another gateway if it lives there. */
    private Mono<LocalSession> session(ServerRequest request, List<At> at) {
        return from(() ->
                gateway.session(request.pathVariable(SESSION), Bodies.token(request), at, Principals.of(request)));
    }

    /** The same, and taken over from a connection of its own too. */
    private Mono<LocalSession> reading(ServerRequest request, List<At> at) {
        return from(() ->
                gateway.reading(request.pathVariable(SESSION), Bodies.token(request), at, Principals.of(request)));
    }

    /**
     * What the gateway does is done, also if the client does not wait for the answer. A failure travels as a value until
     * then: one that nobody waits for any longer is nobody's, and no error of this process.
     */
    static <T> Mono<T> from(Supplier<CompletableFuture<T>> call) {
        return Mono.fromFuture(() -> call.get().handle(Outcome::new), true)
                // Not on the gateway's threads: what comes now, encoding above all, takes its time.
                .publishOn(Schedulers.parallel())
                .flatMap(Outcome::toMono);
    }

    /** As {@link #from}, for what waits: when the client goes away the wait is taken back. */
    static <T> Mono<T> cancellable(Supplier<CompletableFuture<T>> call) {
        return Mono.defer(() -> {
            CompletableFuture<T> answer = call.get();
            // After the cancellation has gone upstream, where the failure that this makes is then nobody's.
            return from(() -> answer).doFinally(signal -> {
                if (signal == SignalType.CANCEL) {
                    answer.cancel(false);
                }
            });
        });
    }

    private record Outcome<T>(@Nullable T value, @Nullable Throwable failure) {
        Mono<T> toMono() {
            return failure == null ? Mono.justOrEmpty(value) : Mono.error(ConveneException.causeOf(failure));
        }
    }

    /** {@code Prefer: wait=seconds} of RFC 7240, the standard's form of the field {@code wait}. */
    private record Preference(long seconds) {
        private static final String WAIT = "wait=";
        private static final int DIGITS_MAX = 9;

        static @Nullable Preference of(ServerRequest request) {
            for (String header : request.headers().header("Prefer")) {
                for (String one : header.split("[,;]", 17)) {
                    String preference = one.strip();
                    if (preference.startsWith(WAIT) && isNumber(preference)) {
                        return new Preference(Long.parseLong(preference.substring(WAIT.length())));
                    }
                }
            }
            return null;
        }

        private static boolean isNumber(String preference) {
            int digits = preference.length() - WAIT.length();
            return digits > 0
                    && digits <= DIGITS_MAX
                    && preference.chars().skip(WAIT.length()).allMatch(c -> c >= '0' && c <= '9');
        }

        /** In milliseconds, at most as long as anybody may wait: a preference is no demand. */
        int waitMs(int max) {
            return (int) Math.min(seconds * 1000, max);
        }

        String text() {
            return WAIT + seconds;
        }
    }
}
