package dev.convene.gateway.adapter.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.delivery.Feed;
import dev.convene.gateway.core.delivery.SessionQueue;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.testkit.Contract;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** Many connections share an event loop. */
class FrameWriterTests {
    private static final int TURN = 8 * FrameWriter.BATCH_COUNT_MAX;
    private static final int MORE = 100;

    @Contract("G58")
    @Test
    void aReaderForWhomMuchWaitsLeavesOthersTheirTurn() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1 << 28, 1 << 29));
        ChannelHandlerContext context = channel.pipeline().firstContext();
        FrameWriter writer = new FrameWriter(
                context, FrameCodec.json(Limits.DEFAULT), new WebSocketMetrics(new SimpleMeterRegistry()), false);
        SessionQueue queue = new SessionQueue(Limits.DEFAULT.queuedBytesMax(), false);
        for (int i = 0; i < TURN + MORE; i++) {
            Feed.offer(queue, Feed.message(i, ""));
        }

        assertThat(writer.drain(queue))
                .as("whether it has to be called again, later")
                .isTrue();
        assertThat(queue.count()).isGreaterThanOrEqualTo(MORE);
        while (writer.drain(queue)) {}
        assertThat(queue.count()).isZero();
        channel.finishAndReleaseAll();
    }
}
