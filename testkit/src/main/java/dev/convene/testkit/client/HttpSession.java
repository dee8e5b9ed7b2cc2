package dev.convene.testkit.client;

import dev.convene.protocol.At;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A session over plain HTTP whose pushes are fetched by long poll. */
public final class HttpSession implements TestSession {
    private static final int WAIT_MS = 500;
    private static final int PUSHES_MAX = 1000;

    private final HttpCalls calls;
    private final PushQueue pushes = new PushQueue();
    private final Answer.Connected connected;
    private final List<At> begin;
    private final Thread poller;
    private volatile boolean ended;

    private HttpSession(HttpCalls calls, Answer.Connected connected, List<At> at, List<Push> missed) {
        this.calls = calls;
        this.begin = Positions.newest(at, missed);
        this.connected = connected;
        missed.forEach(pushes::add);
        this.poller = Thread.ofVirtual().name("poll " + connected.session()).start(this::poll);
    }

    static HttpSession connect(HttpClient client, URI base, FrameCodec codec, SessionOperation.Connect connect) {
        HttpCalls calls = new HttpCalls(client, base, codec);
        return new HttpSession(
                calls, (Answer.Connected) TestSessions.await(calls.connect(connect)), List.of(), List.of());
    }

    /** Takes up a session; the first poll, which is answered here, says what its client has. */
    static HttpSession resume(HttpClient client, URI base, FrameCodec codec, Answer.Connected before, List<At> at) {
        HttpCalls calls = new HttpCalls(client, base, codec);
        Answer.Received missed = (Answer.Received)
                TestSessions.await(calls.call(before, new SessionOperation.Receive(0, PUSHES_MAX, at)));
        return new HttpSession(calls, before, at, missed.messages());
    }

    private void poll() {
        List<At> seen = begin;
        try {
            while (!ended) {
                Answer answer = TestSessions.await(
                        calls.call(connected, new SessionOperation.Receive(WAIT_MS, PUSHES_MAX, seen)));
                if (answer instanceof Answer.Received received
                        && !received.messages().isEmpty()) {
                    received.messages().forEach(pushes::add);
                    seen = Positions.newest(seen, received.messages());
                }
            }
            pushes.end(new ClosedByServer(-1, "closed here"));
        } catch (RuntimeException e) {
            pushes.end(e);
        } catch (AssertionError e) {
            // No answer came.
            pushes.end(new ClosedByServer(-1, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Answer.Connected connected() {
        return connected;
    }

    @Override
    public CompletableFuture<Answer> send(ClientOperation operation) {
        return calls.call(connected, operation);
    }

    @Override
    public CompletableFuture<Answer> sendText(String operation, String fields) {
        return calls.callText(connected, operation, fields);
    }

    @Override
    public Push next(Duration patience) {
        return pushes.next(patience);
    }

    @Override
    public @Nullable Push poll(Duration patience) {
        return pushes.poll(patience);
    }

    /** The last poll is waited for: one that came late would take the session over from whoever resumes it. */
    @Override
    public void abort() {
        ended = true;
        try {
            poller.join(Duration.ofMillis(2 * WAIT_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        poller.interrupt();
    }

    @Override
    public void close() {
        ended = true;
        calls.call(connected, new SessionOperation.Close())
                .exceptionally(failure -> Answer.Done.DONE)
                .join();
    }

    /** The requests of a session over HTTP. */
    static final class HttpCalls {
        private final HttpClient client;
        private final URI base;
        private final FrameCodec codec;

        HttpCalls(HttpClient client, URI base, FrameCodec codec) {
            this.client = client;
            this.base = base;
            this.codec = codec;
        }

        CompletableFuture<Answer> connect(SessionOperation.Connect connect) {
            return post("/v1/sessions", null, connect);
        }

        CompletableFuture<Answer> call(Answer.Connected session, ClientOperation operation) {
            if (operation instanceof SessionOperation.Close) {
                HttpRequest request = request("/v1/sessions/" + session.session(), session.token())
                        .DELETE()
                        .build();
                return exchange(request, operation.operation());
            }
            return post("/v1/sessions/" + session.session() + "/" + operation.operation(), session.token(), operation);
        }

        CompletableFuture<Answer> callText(Answer.Connected session, String operation, String fields) {
            String path = "/v1/sessions/" + session.session() + "/" + operation;
            return post(path, session.token(), operation, fields.getBytes(StandardCharsets.UTF_8));
        }

        CompletableFuture<Answer> post(String path, @Nullable String token, ClientOperation operation) {
            return post(path, token, operation.operation(), codec.encodeOperation(operation));
        }

        private CompletableFuture<Answer> post(String path, @Nullable String token, String operation, byte[] body) {
            HttpRequest request = request(path, token)
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            return exchange(request, operation);
        }

        private HttpRequest.Builder request(String path, @Nullable String token) {
            HttpRequest.Builder builder =
                    HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).header("accept", "application/json");
            return token == null ? builder : builder.header("authorization", "Bearer " + token);
        }

        private CompletableFuture<Answer> exchange(HttpRequest request, String operation) {
            return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                    .thenApply(response -> answer(response, operation));
        }

        private Answer answer(HttpResponse<byte[]> response, String operation) {
            if (response.statusCode() == 204) {
                return operation.equals(SessionOperation.Receive.NAME)
                        ? new Answer.Received(List.of())
                        : Answer.Done.DONE;
            }
            if (response.statusCode() / 100 == 2) {
                return codec.decodeAnswer(operation, response.body());
            }
            throw TestSessions.refused(codec, response.body());
        }
    }
}
