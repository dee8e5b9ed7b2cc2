package dev.convene.gateway.adapter.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.protocol.value.Encoding;
import dev.convene.testkit.client.HostileFrames;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random frames made of those of every operation give errors and close codes, and leave nothing behind. */
@ExtendWith(LeakDetection.class)
class RandomFrameTests {
    private static final int FRAMES = 4_000;

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void randomFramesGiveErrorsAndCloseCodesOnly(Encoding encoding) {
        HostileFrames.test(frames -> {
            assertThat(frames.operations())
                    .contains(SessionOperation.Connect.NAME, SessionOperation.Resume.NAME)
                    .contains(GroupOperation.Join.NAME, GroupOperation.Multicast.NAME, GroupOperation.Ack.NAME)
                    .hasSizeGreaterThan(15);
            FakeGateway gateway = new FakeGateway();
            Socket victim = connected(gateway, encoding);
            for (int i = 0; i < FRAMES; i++) {
                victim.send(frames.next(encoding));
                drain(victim);
                if (isOver(victim)) {
                    victim.finish();
                    assertThat(victim.connections.count()).isZero();
                    gateway.sessions.clear();
                    victim = connected(gateway, encoding);
                }
            }
            victim.finish();
        });
    }

    private static Socket connected(FakeGateway gateway, Encoding encoding) {
        return new Socket(gateway, encoding, WebSocketSettings.DEFAULT).connected();
    }

    private static boolean isOver(Socket victim) {
        return !victim.channel.isOpen()
                || victim.connections.count() == 0
                || victim.channel.pipeline().get(ClientConnection.class).isClosing();
    }

    private static void drain(Socket victim) {
        StringBuilder all = new StringBuilder();
        for (WebSocketFrame frame = victim.raw(); frame != null; frame = victim.raw()) {
            all.append(frame.content().toString(StandardCharsets.ISO_8859_1)).append('\n');
            frame.release();
        }
        // Names of classes, and the error that is the gateway's own fault.
        assertThat(all.toString())
                .doesNotContain("java.")
                .doesNotContain("jackson")
                .doesNotContain("dev.convene")
                .doesNotContain("\"code\":1900");
        victim.channel.checkException();
    }
}
