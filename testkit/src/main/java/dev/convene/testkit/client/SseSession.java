package dev.convene.testkit.client;

import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.ServerFrame;
import dev.convene.protocol.frame.SessionOperation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A session over plain HTTP whose pushes come as server-sent events. */
public final class SseSession implements TestSession {
    private final HttpSession.HttpCalls calls;
    private final FrameCodec codec;
    private final Answer.Connected connected;
    private final PushQueue pushes = new PushQueue();
    private final InputStream stream;
    private volatile String lastEventId = "";
    private final CompletableFuture<Answer.Resumed> resumed = new CompletableFuture<>();
    private volatile ServerFrame.@Nullable Closing closing;
    private final ReentrantLock reading = new ReentrantLock();
    private String id = "";
    private String name = "";
    private String data = "";

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
        return new SseSession(calls, codec, connected, stream(client, base, codec, connected, ""));
    }

    /** Reads on after an event, as browsers do by themselves. */
    static SseSession resume(
            HttpClient client, URI base, FrameCodec codec, Answer.Connected before, String lastEventId) {
        HttpSession.HttpCalls calls = new HttpSession.HttpCalls(client, base, codec);
        return new SseSession(calls, codec, before, stream(client, base, codec, before, lastEventId));
    }

    private static InputStream stream(
            HttpClient client, URI base, FrameCodec codec, Answer.Connected session, String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        base.resolve("/v1/sessions/" + session.session() + "/stream"))
                .header("accept", "text/event-stream")
                .header("authorization", "Bearer " + session.token());
        if (!lastEventId.isEmpty()) {
            request.header("last-event-id", lastEventId);
        }
        HttpResponse<InputStream> response =
                TestSessions.await(client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        if (response.statusCode() != 200) {
            throw TestSessions.refused(codec, bytes(response.body()));
        }
        return response.body();
    }

    private static byte[] bytes(InputStream body) {
        try (body) {
            return body.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the first event said of a stream that was opened again. */
    public CompletableFuture<Answer.Resumed> resumed() {
        return resumed;
    }

    /** The id of the newest event, empty before the first: where a stream that is opened again goes on. */
    public String lastEventId() {
        return lastEventId;
    }

    private void read() {
        try (Stream<String> lines =
                new java.io.BufferedReader(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8)).lines()) {
            lines.forEach(this::line);
            ServerFrame.Closing why = closing;
            pushes.end(
                    why == null
                            ? new ClosedByServer(-1, "the stream ended")
                            : new ClosedByServer(why.code(), why.reason()));
        } catch (RuntimeException e) {
            pushes.end(new ClosedByServer(-1, String.valueOf(e)));
        }
    }

    /** Stops reading from the stream until {@link #goOn} is called, by the same thread; the peer notices by its buffers. */
    public void stopReading() {
        reading.lock();
    }

    /** Reads on. */
    public void goOn() {
        reading.unlock();
    }

    /** An empty line ends an event; one that is cut before it has not come. */
    private void line(String line) {
        reading.lock();
        reading.unlock();
        if (line.startsWith("id:")) {
            id = line.substring(3).strip();
        } else if (line.startsWith("event:")) {
            name = line.substring(6).strip();
        } else if (line.startsWith("data:")) {
            data = line.substring(5).strip();
        } else if (line.isEmpty() && !data.isEmpty()) {
            take(name, data);
            lastEventId = id;
            name = "";
            data = "";
        }
    }

    private void take(String event, String frame) {
        if (event.equals("resumed")) {
            // The answer stands under the event's name.
            String answer = frame.substring(frame.indexOf(':') + 1, frame.lastIndexOf('}'));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            resumed.complete((Answer.Resumed) codec.decodeAnswer(SessionOperation.Resume.NAME, bytes));
        } else {
            take(codec.decodeServer(frame.getBytes(StandardCharsets.UTF_8), request -> null));
        }
    }

    private void take(ServerFrame frame) {
        switch (frame) {
            case Push push -> pushes.add(push);
            case ServerFrame.Batch batch -> batch.pushes().forEach(pushes::add);
            case ServerFrame.Closing last -> closing = last;
            default -> {}
        }
    }

    @Override
    public Answer.Connected connected() {
        return connected;
    }

    @Override
    public CompletableFuture<Answer> sendText(String operation, String fields) {
        return calls.callText(connected, operation, fields);
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
    public @Nullable Push poll(Duration patience) {
        return pushes.poll(patience);
    }

    @Override
    public void abort() {
        try {
            stream.close();
        } catch (IOException e) {
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
