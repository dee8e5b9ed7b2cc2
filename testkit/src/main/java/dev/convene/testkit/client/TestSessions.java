package dev.convene.testkit.client;

import dev.convene.protocol.At;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Problem;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.protocol.value.Encoding;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes sessions over a surface, against a gateway's address. */
public final class TestSessions implements AutoCloseable {
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TestSession.PATIENCE)
            .build();
    private final FrameCodec json = FrameCodec.json(Limits.DEFAULT);
    private final FrameCodec cbor = FrameCodec.cbor(Limits.DEFAULT);

    /** A session with everything as it is by default. */
    public TestSession connect(Surface surface, URI gateway, @Nullable String name) {
        return connect(surface, gateway, new SessionOperation.Connect(name, true, null));
    }

    public TestSession connect(Surface surface, URI gateway, SessionOperation.Connect connect) {
        return switch (surface) {
            case WS_JSON, WS_CBOR -> socket(surface, gateway).connect(connect);
            case HTTP -> HttpSession.connect(client, gateway, json, connect);
            case SSE -> SseSession.connect(client, gateway, json, connect);
        };
    }

    /** A WebSocket without a session. */
    public WebSocketSession socket(Surface surface, URI gateway) {
        return WebSocketSession.open(client, gateway, surface == Surface.WS_CBOR ? cbor : json);
    }

    /** A session taken up again over a WebSocket, and what the gateway answered. */
    public record Resumption(TestSession session, Answer.Resumed answer) {}

    /** Takes a session up again, on any gateway, after these positions. */
    public Resumption resume(Surface surface, URI gateway, Answer.Connected before, List<At> at) {
        WebSocketSession socket = socket(surface, gateway);
        Answer.Resumed answer =
                socket.resume(before, new SessionOperation.Resume(before.session(), before.token(), at));
        return new Resumption(socket, answer);
    }

    /** Reads a session's events on, on any gateway, after this one. */
    public SseSession resumeStream(URI gateway, Answer.Connected before, String lastEventId) {
        return SseSession.resume(client, gateway, json, before, lastEventId);
    }

    /** Polls for a session on, on any gateway, after these positions. */
    public HttpSession resumePolling(URI gateway, Answer.Connected before, List<At> at) {
        return HttpSession.resume(client, gateway, json, before, at);
    }

    /** Publishes without a session. */
    public Answer.Accepted publish(URI gateway, GroupOperation.Multicast message) {
        return (Answer.Accepted)
                await(new HttpSession.HttpCalls(client, gateway, json).post("/v1/multicast", null, message));
    }

    /** The client, for requests that no session makes. */
    public HttpClient http() {
        return client;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    static Refused refused(FrameCodec codec, byte[] body) {
        try {
            Problem problem = codec.decodeProblem(body);
            return new Refused(problem.code(), problem.detail(), problem.temporary(), problem.field());
        } catch (RuntimeException e) {
            throw new IllegalStateException("not a problem: " + new String(body, StandardCharsets.UTF_8), e);
        }
    }

    static <T> T await(CompletableFuture<T> future) {
        return await((Future<T>) future);
    }

    /** Waits for the result; fails with what the operation failed with. */
    public static <T> T await(Future<T> future) {
        try {
            return future.get(TestSession.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + TestSession.PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The encoding of a surface. */
    public static Encoding encodingOf(Surface surface) {
        return surface == Surface.WS_CBOR ? Encoding.CBOR : Encoding.JSON;
    }
}
