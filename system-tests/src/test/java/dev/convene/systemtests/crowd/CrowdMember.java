package dev.convene.systemtests.crowd;

import dev.convene.protocol.At;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientFrame;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.ServerFrame;
import dev.convene.protocol.frame.SessionOperation;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One client of a crowd, over a WebSocket with JSON. What it got can be read by any thread. */
public final class CrowdMember extends SimpleChannelInboundHandler<WebSocketFrame> {
    private record Asked(String operation, CompletableFuture<Answer> answer) {}

    private final FrameCodec codec;
    private final CompletableFuture<CrowdMember> opened = new CompletableFuture<>();
    private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final List<Push.View> views = new ArrayList<>();
    private final List<Push.Message> messages = new ArrayList<>();
    private long bytes;
    private @Nullable At newest;

    private volatile @Nullable Channel channel;
    private volatile @Nullable String end;
    private volatile Answer.@Nullable Connected connected;

    CrowdMember(FrameCodec codec) {
        this.codec = codec;
    }

    CompletableFuture<CrowdMember> opened() {
        return opened;
    }

    /** Begins a session. */
    public CompletableFuture<CrowdMember> connect() {
        return call(new SessionOperation.Connect(null, true, null)).thenApply(answer -> {
            connected = (Answer.Connected) answer;
            return this;
        });
    }

    /** Takes up the session of another client after the last thing that it got. */
    public CompletableFuture<Answer.Resumed> resume(CrowdMember before) {
        Answer.Connected session = before.connected();
        connected = session;
        At at = before.newest();
        List<At> positions = at == null ? session.at() : List.of(at);
        return call(new SessionOperation.Resume(session.session(), session.token(), positions))
                .thenApply(Answer.Resumed.class::cast);
    }

    /** What connect answered. */
    public Answer.Connected connected() {
        Answer.Connected answer = connected;
        if (answer == null) {
            throw new IllegalStateException("not connected");
        }
        return answer;
    }

    /** Sends a request. */
    public CompletableFuture<Answer> call(ClientOperation operation) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        long id = ids.incrementAndGet();
        asked.put(id, new Asked(operation.operation(), answer));
        Channel open = channel;
        String why = end;
        if (open == null || why != null) {
            answer.completeExceptionally(new IllegalStateException("closed: " + why));
        } else {
            open.writeAndFlush(
                    new TextWebSocketFrame(Unpooled.wrappedBuffer(codec.encode(new ClientFrame(id, operation)))));
        }
        return answer;
    }

    /** Drops the connection without a word. */
    public void abort() {
        Channel open = channel;
        if (open != null) {
            open.close();
        }
    }

    /** Why the connection ended, or null. */
    public @Nullable String end() {
        return end;
    }

    /** The views that it got. */
    public synchronized List<Push.View> views() {
        return List.copyOf(views);
    }

    /** The messages that it got. */
    public synchronized List<Push.Message> messages() {
        return List.copyOf(messages);
    }

    /** The view that it got last, or null. */
    public synchronized Push.@Nullable View lastView() {
        return views.isEmpty() ? null : views.getLast();
    }

    /** Bytes of all frames that came. */
    public synchronized long bytes() {
        return bytes;
    }

    private synchronized @Nullable At newest() {
        return newest;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            channel = context.channel();
            opened.complete(this);
        }
        super.userEventTriggered(context, event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            end = close.statusCode() + " " + close.reasonText();
        } else if (frame instanceof TextWebSocketFrame text) {
            byte[] content = ByteBufUtil.getBytes(text.content());
            take(
                    codec.decodeServer(content, id -> {
                        Asked one = asked.get(id);
                        return one == null ? null : one.operation;
                    }),
                    content.length);
        }
    }

    private void take(ServerFrame frame, int length) {
        switch (frame) {
            case Push push -> took(List.of(push), length);
            case ServerFrame.Batch batch -> took(batch.pushes(), length);
            case ServerFrame.Ok ok -> {
                Asked one = asked.remove(ok.id());
                if (one != null) {
                    one.answer.complete(ok.answer());
                }
            }
            case ServerFrame.Failure failure -> {
                Asked one = asked.remove(failure.id());
                if (one != null) {
                    one.answer.completeExceptionally(
                            new IllegalStateException(failure.name() + ": " + failure.message()));
                }
            }
            case ServerFrame.Heartbeat heartbeat -> {}
            case ServerFrame.Closing closing -> {}
        }
    }

    private synchronized void took(List<Push> pushes, int length) {
        bytes += length;
        for (Push push : pushes) {
            switch (push) {
                case Push.View view -> {
                    // Lists of hundreds of names, thousands of times: only the newest is looked at.
                    if (!views.isEmpty()) {
                        views.set(views.size() - 1, withoutMembers(views.getLast()));
                    }
                    views.add(view);
                    newest = view.at();
                }
                case Push.Message message -> {
                    messages.add(message);
                    newest = message.at();
                }
                default -> {}
            }
        }
    }

    private static Push.View withoutMembers(Push.View view) {
        return new Push.View(
                view.at(),
                view.group(),
                view.view(),
                view.reason(),
                null,
                view.size(),
                view.digest(),
                List.of(),
                view.history());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (end == null) {
            end = "the connection ended";
        }
        IllegalStateException closed = new IllegalStateException("closed: " + end);
        opened.completeExceptionally(closed);
        asked.values().forEach(one -> one.answer.completeExceptionally(closed));
        asked.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end = String.valueOf(cause);
        context.close();
    }
}
