package dev.convene.gateway.adapter.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import dev.convene.protocol.value.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What connections hold of frames that have not come whole is bounded over all of them. */
@ExtendWith(LeakDetection.class)
class UnfinishedFramesTests {
    private static final int BUDGET = 20_000;
    private static final int NOT_CLOSED = -1;
    private static final long STEP_MS = 20_000;

    private final FrameBudget budget = new FrameBudget(BUDGET);

    private static ByteBuf text(int length) {
        return Unpooled.buffer(length).writeBytes("x".repeat(length).getBytes());
    }

    @Test
    void fragmentsOfAllConnectionsTogetherAreBounded() {
        Socket one = new Socket(new FakeGateway(), Encoding.JSON, WebSocketSettings.DEFAULT, budget).connected();
        Socket two = new Socket(new FakeGateway(), Encoding.JSON, WebSocketSettings.DEFAULT, budget).connected();
        one.send(new TextWebSocketFrame(false, 0, text(6000)));
        two.send(new TextWebSocketFrame(false, 0, text(3000)));
        assertThat(budget.bytes()).isEqualTo(9000);
        two.send(new ContinuationWebSocketFrame(false, 0, text(2500)));
        assertThat(two.closeCode()).isEqualTo(1013);
        two.finish();
        assertThat(budget.bytes()).isEqualTo(6000);
        // The other goes on, and what has come whole no longer counts.
        one.send(new ContinuationWebSocketFrame(true, 0, text(10)));
        assertThat(budget.bytes()).isZero();
        one.finish();
        assertThat(budget.bytes()).isZero();
    }

    @Test
    void whoHoldsLittleIsNotCutForWhatOthersHold() {
        Socket much = new Socket(new FakeGateway(), Encoding.JSON, WebSocketSettings.DEFAULT, budget).connected();
        Socket little = new Socket(new FakeGateway(), Encoding.JSON, WebSocketSettings.DEFAULT, budget).connected();
        much.send(new TextWebSocketFrame(false, 0, text(BUDGET / 2)));
        little.send(new TextWebSocketFrame(false, 0, text((int) FrameBudget.SMALL)));
        assertThat(little.closeCode()).isEqualTo(NOT_CLOSED);
        much.send(new ContinuationWebSocketFrame(false, 0, text(1)));
        assertThat(much.closeCode()).isEqualTo(1013);
        much.finish();
        little.send(new ContinuationWebSocketFrame(false, 0, text(1000)));
        assertThat(little.closeCode()).isEqualTo(NOT_CLOSED);
        little.finish();
        assertThat(budget.bytes()).isZero();
    }

    @Test
    void whatDoesNotComeWholeInTimeIsCutThoughItsClientLives() {
        Socket slow = new Socket(new FakeGateway(), Encoding.JSON, WebSocketSettings.DEFAULT, budget).connected();
        slow.send(new TextWebSocketFrame(false, 0, text(10)));
        long maxMs = TimeUnit.NANOSECONDS.toMillis(Heartbeat.UNFINISHED_MAX_NANOS);
        for (long ms = 0; ms < maxMs; ms += STEP_MS) {
            assertThat(slow.closeCode()).isEqualTo(NOT_CLOSED);
            slow.send(new PongWebSocketFrame());
            slow.advance(STEP_MS);
        }
        slow.advance(STEP_MS);
        assertThat(slow.closeCode()).isEqualTo(4501);
        slow.finish();
    }

    @Test
    void bytesBeforeTheDecoderAreBounded() {
        UnfinishedFrames unfinished = new UnfinishedFrames(budget, System::nanoTime);
        int[] exceeded = {0};
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(1 << 20)
                .build()));
        unfinished.install(channel.pipeline(), () -> exceeded[0]++);
        byte[] frame = masked(8000);
        for (int i = 0; i < 4; i++) {
            // Whole frames, cut anywhere, leave nothing behind.
            channel.writeInbound(Unpooled.copiedBuffer(frame, 0, 3000));
            assertThat(budget.bytes()).isEqualTo(3000);
            channel.writeInbound(Unpooled.copiedBuffer(frame, 3000, frame.length - 3000));
            WebSocketFrame whole = channel.readInbound();
            assertThat(whole.content().readableBytes()).isEqualTo(8000);
            whole.release();
            assertThat(budget.bytes()).isZero();
        }
        byte[] large = masked(100_000);
        channel.writeInbound(Unpooled.copiedBuffer(large, 0, 9000));
        assertThat(exceeded[0]).isZero();
        channel.writeInbound(Unpooled.copiedBuffer(large, 9000, 2000));
        assertThat(exceeded[0]).isEqualTo(1);
        unfinished.end();
        channel.finishAndReleaseAll();
        assertThat(budget.bytes()).isZero();
    }

    /** A binary frame of a client, masked with zeros. */
    private static byte[] masked(int payload) {
        ByteBuf out = Unpooled.buffer();
        out.writeByte(0x82);
        if (payload < 65_536) {
            out.writeByte(0x80 | 126).writeShort(payload);
        } else {
            out.writeByte(0x80 | 127).writeLong(payload);
        }
        out.writeInt(0).writeZero(payload);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        out.release();
        return bytes;
    }
}
