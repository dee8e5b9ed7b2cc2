package dev.convene.gateway.adapter.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.ServerFrame;
import dev.convene.protocol.value.Encoding;
import dev.convene.testkit.client.TestLimits;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Frames that no friendly client sends, clients that are silent, and clients that send too much. */
@ExtendWith(LeakDetection.class)
class HostileClientTests {
    private static final String JOIN =
            "{\"id\":1,\"join\":{\"group\":\"lobby\",\"presence\":{\"a\":[1,2.5,true,null]}}}";

    private Socket socket = Socket.json();

    @AfterEach
    void finish() {
        socket.finish();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"id\":1,\"ping\":{}",
                "[]",
                "7",
                "{\"id\":1}",
                "{\"id\":1,\"ping\":{}} more",
                "{\"id\":1,\"ping\":{},\"poll\":{}}",
                "{\"id\":1,\"id\":2,\"ping\":{}}",
                "{\"id\":1,\"ping\":{\"a\":\"\\ud800\"}}"
            })
    void whatIsNoFrameIsToldAndEndsTheConnection(String text) {
        socket.connected().send(text);

        assertThat(socket.read())
                .isInstanceOfSatisfying(
                        ServerFrame.Failure.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BAD_FRAME.number()));
        assertThat(socket.closeCode()).isEqualTo(4501);
        assertThat(socket.gateway.suspended).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":77,\"jump\":{}}",
                "{\"id\":77,\"join\":{}}",
                "{\"id\":77,\"join\":{\"group\":7}}",
                "{\"id\":77,\"join\":{\"group\":\"#a#b\"}}",
                "{\"id\":77,\"join\":[]}",
                "{\"id\":77,\"multicast\":{\"group\":\"a\",\"service\":\"loud\",\"body\":1}}",
                "{\"id\":77,\"multicast\":{\"group\":\"a\",\"service\":\"safe\",\"body\":{\"$strange\":1}}}",
                "{\"id\":-1,\"ping\":{}}"
            })
    void aWrongRequestIsRefusedAndTheSessionLivesOn(String text) {
        socket.connected().send(text);

        assertThat(socket.read()).isInstanceOf(ServerFrame.Failure.class);
        socket.send("{\"id\":77,\"ping\":{}}");
        assertThat(socket.read()).isInstanceOf(ServerFrame.Ok.class);
    }

    @Test
    void textThatIsNotUtf8IsNoFrame() {
        byte[] bytes = JOIN.getBytes(StandardCharsets.UTF_8);
        bytes[20] = (byte) 0xff;
        socket.connected().send(bytes);
        assertThat(socket.closeCode()).isEqualTo(4501);
    }

    @Test
    void tooDeepEndsTheConnection() {
        socket.connected().send("{\"id\":1,\"ping\":{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}}");
        assertThat(socket.read())
                .isInstanceOfSatisfying(
                        ServerFrame.Failure.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.FRAME_TOO_DEEP.number()));
        assertThat(socket.closeCode()).isEqualTo(4501);
    }

    @Test
    void tooLargeEndsTheConnection() {
        socket.connected().send(new byte[socket.gateway.limits.frameBytesMax() + 1]);
        assertRefused(socket, ErrorCode.FRAME_TOO_LARGE, "at most " + socket.gateway.limits.frameBytesMax());
        assertThat(socket.closeCode()).isEqualTo(1009);
    }

    @Test
    void fragmentsMakeAFrame() {
        socket.connected();
        socket.send(new TextWebSocketFrame(false, 0, text("{\"id\":5,")));
        socket.send(new PingWebSocketFrame(text("!")));
        WebSocketFrame pong = socket.raw();
        assertThat(pong).isInstanceOf(PongWebSocketFrame.class);
        pong.release();
        socket.send(new ContinuationWebSocketFrame(false, 0, text("\"ping\"")));
        socket.send(new ContinuationWebSocketFrame(true, 0, text(":{}}")));
        assertThat(socket.read()).isInstanceOf(ServerFrame.Ok.class);
    }

    @Test
    void fragmentsThatTogetherAreTooLargeEndTheConnection() {
        socket.connected();
        int part = socket.gateway.limits.frameBytesMax() / 2;
        socket.send(new TextWebSocketFrame(false, 0, Unpooled.wrappedBuffer(new byte[part])));
        socket.send(new ContinuationWebSocketFrame(false, 0, Unpooled.wrappedBuffer(new byte[part])));
        socket.send(new ContinuationWebSocketFrame(false, 0, Unpooled.wrappedBuffer(new byte[part])));
        assertRefused(socket, ErrorCode.FRAME_TOO_LARGE, "limits.frameBytesMax");
        assertThat(socket.closeCode()).isEqualTo(1009);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aPeerThatGoesAwayInTheMiddleOfAMessageIsNoErrorOfTheGateway(CapturedOutput output) {
        socket.connected().send(new TextWebSocketFrame(false, 0, text("{\"id\":5,")));
        socket.finish();

        assertThat(output).doesNotContain("error in the gateway");
        assertThat(socket.gateway.suspended).hasSize(1);
    }

    @Test
    void theOtherKindOfFrameIsNotTaken() {
        socket.connected().send(new BinaryWebSocketFrame(text("{\"id\":1,\"ping\":{}}")));
        assertRefused(socket, ErrorCode.BAD_FRAME, "convene.v1.json is sent in text frames");
        assertThat(socket.closeCode()).isEqualTo(4501);

        Socket cbor = new Socket(new FakeGateway(), Encoding.CBOR, WebSocketSettings.DEFAULT).connected();
        cbor.send(new TextWebSocketFrame(text("{\"id\":1,\"ping\":{}}")));
        assertRefused(cbor, ErrorCode.BAD_FRAME, "convene.v1.cbor is sent in binary frames");
        assertThat(cbor.closeCode()).isEqualTo(4501);
        cbor.finish();
    }

    @Test
    void reservedBitsThatNobodyAgreedOnAreNotTaken() {
        socket.connected().send(new TextWebSocketFrame(true, 4, text("{\"id\":1,\"ping\":{}}")));
        assertRefused(socket, ErrorCode.BAD_FRAME, "reserved bits");
        assertThat(socket.closeCode()).isEqualTo(1002);
    }

    private static void assertRefused(Socket socket, ErrorCode code, String message) {
        assertThat(socket.read()).isInstanceOfSatisfying(ServerFrame.Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo(code.number());
            assertThat(failure.message()).contains(message);
        });
        assertThat(socket.read()).isInstanceOf(ServerFrame.Closing.class);
    }

    @Test
    void tooManyFramesEndTheConnection() {
        socket.finish();
        WebSocketSettings slow = new WebSocketSettings(Duration.ofSeconds(10), Duration.ofSeconds(2), 20, 10, false);
        FakeGateway gateway = new FakeGateway();
        gateway.limits = TestLimits.with("framesPerSecondMax", 10);
        socket = new Socket(gateway, Encoding.JSON, slow).connected();
        for (int i = 0; i < 19; i++) {
            socket.send(new PongWebSocketFrame());
        }
        assertThat(socket.closeCode()).isEqualTo(-1);
        socket.advance(100);
        socket.send(new PongWebSocketFrame());
        assertThat(socket.closeCode()).isEqualTo(-1);
        socket.send(new PongWebSocketFrame());
        assertThat(socket.closeCode()).isEqualTo(4004);
    }

    @Test
    void whatComesAfterTheCloseFrameIsDropped() {
        socket.connected().send("{");
        assertThat(socket.closeCode()).isEqualTo(4501);
        int asked = socket.gateway.asked.size();
        socket.send(JOIN);
        assertThat(socket.gateway.asked).hasSize(asked);
        assertThat((Object) socket.raw()).isNull();
    }

    @Test
    void aConnectionWithoutSessionEndsAfterTenSeconds() {
        socket.advance(5_000);
        socket.send("{\"id\":1,\"ping\":{}}");
        assertThat(socket.read()).isInstanceOf(ServerFrame.Ok.class);
        socket.advance(4_999);
        assertThat((Object) socket.raw()).isNull();
        socket.advance(1);
        assertThat(socket.closeCode()).isEqualTo(4506);
        socket.advance(2_000);
        assertThat(socket.channel.isOpen()).isFalse();
    }

    @Test
    void bothSidesHearOfEachOtherWhenNothingIsSent() {
        socket.connected().advance(socket.gateway.limits.heartbeatMs() - 1);
        assertThat((Object) socket.raw()).isNull();
        socket.advance(1);
        WebSocketFrame ping = socket.raw();
        assertThat(ping).isInstanceOf(PingWebSocketFrame.class);
        ping.release();
        assertThat(socket.read()).isInstanceOf(ServerFrame.Heartbeat.class);
    }

    @Test
    void aClientThatIsSilentIsClosedAndOneThatPongsIsNot() {
        int silenceMs = socket.connected().gateway.limits.silenceMs();
        socket.advance(silenceMs - 1);
        socket.send(new PongWebSocketFrame());
        socket.advance(silenceMs - 1);
        assertThat(socket.closeCode()).isEqualTo(-1);
        socket.advance(1);
        assertThat(socket.closeCode()).isEqualTo(4002);
        assertThat(socket.gateway.suspended).hasSize(1);
    }

    private static io.netty.buffer.ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
