package dev.convene.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One WebSocket client. Multicasts go out from prepared frames and only their answers are counted; all other operations
 * are written and read as JSON. Sending is thread-safe as long as one thread at a time uses a {@link MulticastFrame}.
 */
public final class LoadClient extends ChannelInboundHandlerAdapter {
    /** Ids from here on are of multicasts: always ten digits. */
    private static final long MULTICAST_ID_MIN = 1_000_000_000L;

    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] PING = WebSocketFrames.text("{\"ping\":{}}");
    private static final byte[] HEAD_END = Stamp.ascii("\r\n\r\n");

    /** Runs on the event loop for every answer to a multicast. */
    @FunctionalInterface
    public interface AnswerListener {
        void answered(LoadClient client);
    }

    /** What an event loop's clients share: the bytes that are being read. */
    static final class Scratch {
        byte[] bytes = new byte[1 << 20];

        void reserve(int size) {
            if (bytes.length < size) {
                bytes = Arrays.copyOf(bytes, size * 2);
            }
        }
    }

    private final Scratch scratch;
    private final CompletableFuture<LoadClient> opened = new CompletableFuture<>();
    private final Map<Long, CompletableFuture<JsonNode>> calls = new HashMap<>();
    private final AtomicLong lastCall = new AtomicLong();
    private final AtomicLong lastMulticast = new AtomicLong(MULTICAST_ID_MIN);
    private final byte[] lastAt = new byte[64];
    private int lastAtLength;

    private volatile PushListener pushes = PushListener.NONE;
    private volatile @Nullable AnswerListener answers;
    private volatile @Nullable Channel channel;
    private volatile @Nullable String end;
    private volatile long refused;
    private volatile @Nullable String refusal;
    private volatile long accepted;

    private boolean upgraded;
    private byte @Nullable [] rest;
    private byte @Nullable [] fragments;
    private long nowNanos;

    private volatile @Nullable JsonNode connected;

    LoadClient(Scratch scratch) {
        this.scratch = scratch;
    }

    CompletableFuture<LoadClient> opened() {
        return opened;
    }

    /** From now on pushes go there. */
    public void listen(PushListener listener) {
        pushes = listener;
    }

    /** From now on answers to multicasts are told there. */
    public void answers(@Nullable AnswerListener listener) {
        answers = listener;
    }

    /** Begins a session. */
    public CompletableFuture<LoadClient> connect(boolean membership) {
        return call("\"connect\":{\"membership\":" + membership + "}").thenApply(answer -> {
            connected = answer;
            return this;
        });
    }

    /** Takes up the session of another client after the last message that it got. */
    public CompletableFuture<JsonNode> resume(LoadClient before) {
        JsonNode session = before.session();
        connected = session;
        String at = before.lastAt();
        return call("\"resume\":{\"session\":\"" + session.get("session").asString() + "\",\"token\":\""
                + session.get("token").asString() + "\",\"at\":["
                + (at.isEmpty() ? "" : "\"" + at + "\"") + "]}");
    }

    private JsonNode session() {
        JsonNode answer = connected;
        if (answer == null) {
            throw new IllegalStateException("not connected");
        }
        return answer;
    }

    public CompletableFuture<JsonNode> join(String group) {
        return call("\"join\":{\"group\":\"" + group + "\"}");
    }

    public CompletableFuture<JsonNode> leave(String group) {
        return call("\"leave\":{\"group\":\"" + group + "\"}");
    }

    /** The session's address. */
    public String privateGroup() {
        return session().get("private").asString();
    }

    /** Position of the last message, or where the session began; empty if there is none. Only while nothing comes. */
    private String lastAt() {
        if (lastAtLength > 0) {
            return new String(lastAt, 0, lastAtLength, StandardCharsets.US_ASCII);
        }
        JsonNode at = session().get("at");
        return at == null || at.isEmpty() ? "" : at.get(0).asString();
    }

    /**
     * Sends an operation.
     *
     * @param operation its name and fields, as they stand in a frame beside the id
     * @return what stands under {@code ok}; fails with {@link RefusedException}
     */
    public CompletableFuture<JsonNode> call(String operation) {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        long id = lastCall.incrementAndGet();
        byte[] frame = WebSocketFrames.text("{\"id\":" + id + "," + operation + "}");
        Channel open = channel();
        open.eventLoop().execute(() -> {
            String why = end;
            if (why != null) {
                answer.completeExceptionally(new RefusedException("closed: " + why));
                return;
            }
            calls.put(id, answer);
            open.writeAndFlush(WebSocketFrames.wrap(open.alloc(), frame));
        });
        return answer;
    }

    /** Sends a message at once. */
    public void multicast(MulticastFrame frame, long dueNanos, long number) {
        Channel open = channel();
        open.writeAndFlush(
                WebSocketFrames.wrap(open.alloc(), frame.of(lastMulticast.incrementAndGet(), dueNanos, number)));
    }

    /** Sends a message together with others of the same reading turn; for listeners on the event loop. */
    public void multicastLater(MulticastFrame frame, long dueNanos, long number) {
        Channel open = channel();
        open.write(WebSocketFrames.wrap(open.alloc(), frame.of(lastMulticast.incrementAndGet(), dueNanos, number)));
    }

    public void flush() {
        channel().flush();
    }

    /** Runs on the event loop. */
    public void execute(Runnable task) {
        channel().eventLoop().execute(task);
    }

    private Channel channel() {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    /** Multicasts that were accepted. */
    public long accepted() {
        return accepted;
    }

    /** Multicasts that were refused. */
    public long refused() {
        return refused;
    }

    /** The first refusal or the reason why the connection ended, or null. */
    public @Nullable String trouble() {
        return refusal != null ? refusal : end;
    }

    /** Why the connection ended, or null. */
    public @Nullable String end() {
        return end;
    }

    /** Ends the session. */
    public CompletableFuture<JsonNode> closeSession() {
        return call("\"close\":{}");
    }

    /** Drops the connection without a word. */
    public void abort() {
        channel().close();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        String request = "GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Protocol: convene.v1.json\r\n\r\n";
        context.writeAndFlush(WebSocketFrames.wrap(context.alloc(), Stamp.ascii(request)));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        nowNanos = System.nanoTime();
        try {
            byte[] before = rest;
            int kept = before == null ? 0 : before.length;
            int size = kept + in.readableBytes();
            scratch.reserve(size);
            if (before != null) {
                System.arraycopy(before, 0, scratch.bytes, 0, kept);
                rest = null;
            }
            in.readBytes(scratch.bytes, kept, size - kept);
            int taken = upgraded ? 0 : upgrade(size);
            if (upgraded) {
                taken = WebSocketFrames.take(scratch.bytes, taken, size, this::frame);
            }
            if (taken < size) {
                rest = Arrays.copyOfRange(scratch.bytes, taken, size);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    /** Returns where frames begin, or 0 as long as the answer to the handshake is not complete. */
    private int upgrade(int size) {
        for (int i = 0; i + HEAD_END.length <= size; i++) {
            if (Arrays.equals(scratch.bytes, i, i + HEAD_END.length, HEAD_END, 0, HEAD_END.length)) {
                String head = new String(scratch.bytes, 0, i, StandardCharsets.US_ASCII);
                if (!head.startsWith("HTTP/1.1 101")) {
                    ended("handshake refused: " + head.lines().findFirst().orElse(""));
                    return size;
                }
                upgraded = true;
                opened.complete(this);
                return i + HEAD_END.length;
            }
        }
        return 0;
    }

    private void frame(int opcode, boolean last, byte[] buffer, int begin, int end) {
        switch (opcode) {
            case WebSocketFrames.TEXT, WebSocketFrames.CONTINUATION -> text(last, buffer, begin, end);
            case WebSocketFrames.PING ->
                write(WebSocketFrames.frame(WebSocketFrames.PONG, Arrays.copyOfRange(buffer, begin, end)));
            case WebSocketFrames.CLOSE -> ended(closeReason(buffer, begin, end));
            default -> {}
        }
    }

    private void text(boolean last, byte[] buffer, int begin, int end) {
        byte[] before = fragments;
        if (last && before == null) {
            FrameScanner.scan(buffer, begin, end, found);
            return;
        }
        int kept = before == null ? 0 : before.length;
        byte[] joined = new byte[kept + end - begin];
        if (before != null) {
            System.arraycopy(before, 0, joined, 0, kept);
        }
        System.arraycopy(buffer, begin, joined, kept, end - begin);
        if (last) {
            fragments = null;
            FrameScanner.scan(joined, 0, joined.length, found);
        } else {
            fragments = joined;
        }
    }

    private void write(byte[] frame) {
        Channel open = channel();
        open.write(WebSocketFrames.wrap(open.alloc(), frame));
    }

    private static String closeReason(byte[] buffer, int begin, int end) {
        if (end - begin < 2) {
            return "closed by the server";
        }
        int code = (buffer[begin] & 0xff) << 8 | buffer[begin + 1] & 0xff;
        return code + " " + new String(buffer, begin + 2, end - begin - 2, StandardCharsets.UTF_8);
    }

    private final FrameScanner.Found found = new FrameScanner.Found() {
        @Override
        public void message(byte[] buffer, int at, int atLength, long dueNanos) {
            lastAtLength = Math.min(atLength, lastAt.length);
            System.arraycopy(buffer, at, lastAt, 0, lastAtLength);
            pushes.message(buffer, at, atLength, dueNanos, nowNanos);
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate")
        public void answer(long id, boolean ok, byte[] buffer, int begin, int end) {
            if (id >= MULTICAST_ID_MIN) {
                if (ok) {
                    accepted++;
                } else {
                    refused++;
                    if (refusal == null) {
                        refusal = new String(buffer, begin, end - begin, StandardCharsets.UTF_8);
                    }
                }
                AnswerListener listener = answers;
                if (listener != null) {
                    listener.answered(LoadClient.this);
                }
                return;
            }
            CompletableFuture<JsonNode> call = calls.remove(id);
            if (call != null) {
                String text = new String(buffer, begin, end - begin, StandardCharsets.UTF_8);
                if (ok) {
                    call.complete(JSON.readTree(text).get("ok"));
                } else {
                    call.completeExceptionally(new RefusedException(text));
                }
            }
        }

        @Override
        public void other(byte[] buffer, int begin, int end) {
            pushes.other(buffer, begin, end, nowNanos);
        }

        @Override
        public void ping() {
            write(PING);
        }

        @Override
        public void closing(String text) {
            ended(text);
        }
    };

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended("connection closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ended(String.valueOf(cause));
        context.close();
    }

    void ended(String why) {
        if (end == null) {
            end = why;
        }
        RefusedException failure = new RefusedException("closed: " + end);
        opened.completeExceptionally(failure);
        calls.values().forEach(call -> call.completeExceptionally(failure));
        calls.clear();
    }
}
