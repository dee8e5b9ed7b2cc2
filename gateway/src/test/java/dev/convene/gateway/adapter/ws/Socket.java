package dev.convene.gateway.adapter.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.Authenticator;
import dev.convene.gateway.core.Principal;
import dev.convene.gateway.edge.FakeGateway;
import dev.convene.protocol.frame.ClientFrame;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.ServerFrame;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.protocol.value.Encoding;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A client's end of a connection in memory, whose time stands still until it is moved. */
final class Socket {
    final FakeGateway gateway;
    final EmbeddedChannel channel;
    final FrameCodec codec;
    final FrameBudget budget;
    final Connections connections;
    /** What a client makes of the bytes. */
    private final EmbeddedChannel received =
            new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                    .expectMaskedFrames(false)
                    .maxFramePayloadLength(Integer.MAX_VALUE)
                    .build()));

    private final Map<Long, String> operations = new HashMap<>();
    private long ids;

    Socket(FakeGateway gateway, Encoding encoding, WebSocketSettings settings) {
        this(gateway, encoding, settings, new FrameBudget(Long.MAX_VALUE));
    }

    Socket(FakeGateway gateway, Encoding encoding, WebSocketSettings settings, FrameBudget budget) {
        this.gateway = gateway;
        this.budget = budget;
        this.connections = new Connections(10, budget);
        this.codec = FrameCodec.of(encoding, gateway.limits, List.of());
        this.channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast("end", new ChannelInboundHandlerAdapter());
        WebSocketEndpoint endpoint = new WebSocketEndpoint(
                gateway,
                Authenticator.DEVELOPMENT,
                each -> FrameCodec.of(each, gateway.limits, List.of()),
                settings,
                new WebSocketMetrics(new SimpleMeterRegistry()),
                connections);
        connections.reserve();
        channel.closeFuture().addListener(_ -> connections.release());
        endpoint.addTo(channel.pipeline(), "end", Principal.DEVELOPMENT, encoding, false);
    }

    static Socket json() {
        return new Socket(new FakeGateway(), Encoding.JSON, WebSocketSettings.DEFAULT);
    }

    /** Connects a session. */
    Socket connected() {
        assertThat(ask(new SessionOperation.Connect(null, true, null))).isInstanceOf(ServerFrame.Ok.class);
        return this;
    }

    long send(ClientOperation operation) {
        long id = ++ids;
        operations.put(id, operation.operation());
        send(codec.encode(new ClientFrame(id, operation)));
        return id;
    }

    /** Sends the operation and reads the one frame that comes. */
    ServerFrame ask(ClientOperation operation) {
        send(operation);
        return read();
    }

    void send(byte[] bytes) {
        ByteBuf content = Unpooled.buffer(bytes.length + 1).writeBytes(bytes);
        send(codec.encoding() == Encoding.JSON ? new TextWebSocketFrame(content) : new BinaryWebSocketFrame(content));
        assertThat(content.refCnt()).as("references to the frame").isZero();
    }

    void send(String text) {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(WebSocketFrame frame) {
        channel.writeInbound(frame);
        channel.runPendingTasks();
    }

    void advance(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    /** The next frame as it is; null if there is none. */
    WebSocketFrame raw() {
        channel.runPendingTasks();
        for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            // Control frames leave as frames, all others as bytes.
            received.writeInbound(out);
        }
        return received.readInbound();
    }

    ServerFrame read() {
        WebSocketFrame frame = raw();
        assertThat(frame).isNotNull().isNotInstanceOf(CloseWebSocketFrame.class);
        try {
            assertThat(frame)
                    .isInstanceOf(
                            codec.encoding() == Encoding.JSON ? TextWebSocketFrame.class : BinaryWebSocketFrame.class);
            return codec.decodeServer(ByteBufUtil.getBytes(frame.content()), operations::get);
        } finally {
            frame.release();
        }
    }

    List<ServerFrame> readAll(int count) {
        List<ServerFrame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(read());
        }
        assertThat((Object) raw()).isNull();
        return frames;
    }

    /** The code of the close frame that comes, after whatever else comes. */
    int closeCode() {
        for (WebSocketFrame frame = raw(); frame != null; frame = raw()) {
            try {
                if (frame instanceof CloseWebSocketFrame close) {
                    return close.statusCode();
                }
            } finally {
                frame.release();
            }
        }
        return -1;
    }

    void finish() {
        channel.close();
        channel.runPendingTasks();
        channel.checkException();
        channel.finishAndReleaseAll();
    }
}
