package dev.convene.gateway.adapter.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.value.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameHeaderTests {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000})
    void aClientReadsFramesOfAnyLength(int payloadBytes) {
        EmbeddedChannel client = new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, Integer.MAX_VALUE));
        for (Encoding encoding : Encoding.values()) {
            ByteBuf out = Unpooled.buffer();
            FrameHeader.write(out, encoding, payloadBytes);
            assertThat(out.readableBytes()).isLessThanOrEqualTo(FrameHeader.BYTES_MAX);
            client.writeInbound(out.writeZero(payloadBytes));
            WebSocketFrame frame = client.readInbound();
            assertThat(frame)
                    .isInstanceOf(encoding == Encoding.JSON ? TextWebSocketFrame.class : BinaryWebSocketFrame.class);
            assertThat(frame.isFinalFragment()).isTrue();
            assertThat(frame.content().readableBytes()).isEqualTo(payloadBytes);
            frame.release();
        }
        client.finishAndReleaseAll();
    }
}
