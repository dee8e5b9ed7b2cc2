package dev.convene.testkit.client;

import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.ServerFrame;
import dev.convene.protocol.frame.SessionOperation;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A session over plain HTTP whose pushes come as server-sent events. */
public final class SseSession implements TestSession {
    private final HttpSession.HttpCalls calls;
    private final FrameCodec codec;
    private final Answer.Connected connected;
    private final PushQueue pushes = new PushQueue();
    private final InputStream stream;

    private SseSession(HttpSession.HttpCalls calls, FrameCodec codec, Answer.Connected connected, InputStream stream) {
        this.calls = calls;
        this.codec = codec;
        this.connected = connected;
        this.stream = stream;
        Thread.ofVirtual().name("stream " + connected.session()).start(this::read);
    }

    static SseSession connect(HttpClient client, URI base, FrameCodec codec, SessionOperation.Connect connect) {
        HttpSession.HttpCalls calls = new HttpSession.HttpCalls(client, base, codec);
        Answer.Connected connected = (Answer.Connected) TestSessions.await(calls.connect(connect));
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/v1/sessions/" + connected.session() + "/stream"))
                .header("accept", "text/event-stream")
                .header("authorization", "Bearer " + connected.token())
                .build();
        HttpResponse<InputStream> response =
                TestSessions.await(client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream()));
        if (response.statusCode() != 200) {
            throw new IllegalStateException("stream answered " + response.statusCode());
        }
        return new SseSession(calls, codec, connected, response.body());
    }

    private void read() {
        try (Stream<String> lines =
                new java.io.BufferedReader(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8)).lines()) {
            lines.filter(line -> line.startsWith("data:"))
                    .map(line -> line.substring(5).strip().getBytes(StandardCharsets.UTF_8))
                    .map(data -> codec.decodeServer(data, id -> null))
                    .forEach(this::take);
            pushes.end(new ClosedByServer(-1, "the stream ended"));
        } catch (RuntimeException e) {
            pushes.end(new ClosedByServer(-1, String.valueOf(e)));
        }
    }

    private void take(ServerFrame frame) {
        switch (frame) {
            case Push push -> pushes.add(push);
            case ServerFrame.Batch batch -> batch.pushes().forEach(pushes::add);
            default -> {}
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
    public Push next(Duration patience) {
        return pushes.next(patience);
    }

    @Override
    public void abort() {
        try {
            stream.close();
        } catch (java.io.IOException e) {
            pushes.end(new ClosedByServer(-1, String.valueOf(e)));
        }
    }

    @Override
    public void close() {
        calls.call(connected, new SessionOperation.Close())
                .exceptionally(failure -> Answer.Done.DONE)
                .join();
        abort();
    }
}
