package dev.convene.testkit.client;

import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientFrame;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.ServerFrame;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.protocol.value.Encoding;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A session over a WebSocket of the JDK. */
public final class WebSocketSession implements TestSession, WebSocket.Listener {
    private record Waiting(String operation, CompletableFuture<Answer> answer) {}

    private final FrameCodec codec;
    private final PushQueue pushes = new PushQueue();
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final Object sending = new Object();
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
    private @Nullable WebSocket socket;
    private Answer.@Nullable Connected connected;
    private volatile @Nullable ClosedByServer closed;

    private WebSocketSession(FrameCodec codec) {
        this.codec = codec;
    }

    /** Opens a socket without a session. */
    static WebSocketSession open(HttpClient client, URI base, FrameCodec codec) {
        WebSocketSession session = new WebSocketSession(codec);
        URI uri = URI.create("ws://" + base.getAuthority() + "/v1/ws");
        session.socket = client.newWebSocketBuilder()
                .subprotocols(codec.encoding() == Encoding.JSON ? "convene.v1.json" : "convene.v1.cbor")
                .connectTimeout(PATIENCE)
                .buildAsync(uri, session)
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return session;
    }

    WebSocketSession connect(SessionOperation.Connect connect) {
        connected = (Answer.Connected) call(connect);
        return this;
    }

    /** Takes up a session that had connected through {@code before}. */
    Answer.Resumed resume(Answer.Connected before, SessionOperation.Resume resume) {
        connected = before;
        return (Answer.Resumed) call(resume);
    }

    @Override
    public Answer.Connected connected() {
        Answer.Connected answer = connected;
        if (answer == null) {
            throw new IllegalStateException("not connected");
        }
        return answer;
    }

    @Override
    public CompletableFuture<Answer> send(ClientOperation operation) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        long id = lastId.incrementAndGet();
        waiting.put(id, new Waiting(operation.operation(), answer));
        ClosedByServer end = closed;
        if (end != null) {
            answer.completeExceptionally(end);
        } else {
            sendRaw(codec.encode(new ClientFrame(id, operation)));
        }
        return answer;
    }

    @Override
    public CompletableFuture<Answer> sendText(String operation, String fields) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        long id = lastId.incrementAndGet();
        waiting.put(id, new Waiting(operation, answer));
        String frame = "{\"id\":" + id + ",\"" + operation + "\":" + fields + "}";
        sendRaw(frame.getBytes(StandardCharsets.UTF_8));
        return answer;
    }

    /** Sends the bytes as one frame, whatever they are. */
    public void sendRaw(byte[] frame) {
        WebSocket open = open();
        synchronized (sending) {
            // The JDK allows one send at a time.
            sent = sent.handle((done, failure) -> done)
                    .thenCompose(done -> codec.encoding() == Encoding.JSON
                            ? open.sendText(new String(frame, StandardCharsets.UTF_8), true)
                            : open.sendBinary(ByteBuffer.wrap(frame), true));
        }
    }

    private WebSocket open() {
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("no socket");
        }
        return open;
    }

    @Override
    public Push next(Duration patience) {
        return pushes.next(patience);
    }

    @Override
    public @Nullable Push poll(Duration patience) {
        return pushes.poll(patience);
    }

    /** Stops reading from the connection until {@link #goOn} is called; the peer notices by its buffers. */
    public void stopReading() {
        reading = false;
    }

    /** Reads on. */
    public void goOn() {
        reading = true;
        open().request(1);
    }

    private volatile boolean reading = true;

    private void more(WebSocket from) {
        if (reading) {
            from.request(1);
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.writeBytes(data.toString().getBytes(StandardCharsets.UTF_8));
        take(last);
        more(from);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        partial.writeBytes(bytes);
        take(last);
        more(from);
        return CompletableFuture.completedFuture(null);
    }

    private void take(boolean last) {
        if (last) {
            byte[] frame = partial.toByteArray();
            partial.reset();
            take(codec.decodeServer(frame, id -> {
                Waiting request = waiting.get(id);
                return request == null ? null : request.operation;
            }));
        }
    }

    private void take(ServerFrame frame) {
        switch (frame) {
            case Push push -> pushes.add(push);
            case ServerFrame.Batch batch -> batch.pushes().forEach(pushes::add);
            case ServerFrame.Ok ok -> {
                Waiting request = waiting.remove(ok.id());
                if (request != null) {
                    request.answer.complete(ok.answer());
                }
            }
            case ServerFrame.Failure failure -> {
                Waiting request = waiting.remove(failure.id());
                if (request != null) {
                    request.answer.completeExceptionally(
                            new Refused(failure.code(), failure.message(), failure.temporary(), failure.field()));
                }
            }
            case ServerFrame.Heartbeat heartbeat -> {}
            case ServerFrame.Closing closing -> {}
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        ended(new ClosedByServer(code, reason));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        ended(new ClosedByServer(-1, String.valueOf(error)));
    }

    private void ended(ClosedByServer why) {
        closed = why;
        pushes.end(why);
        waiting.values().forEach(request -> request.answer.completeExceptionally(why));
        waiting.clear();
    }

    @Override
    public void abort() {
        open().abort();
        ended(new ClosedByServer(-1, "aborted here"));
    }

    @Override
    public void close() {
        if (closed == null) {
            send(new SessionOperation.Close())
                    .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(failure -> Answer.Done.DONE)
                    .join();
            open().abort();
            ended(new ClosedByServer(-1, "closed here"));
        }
    }
}
