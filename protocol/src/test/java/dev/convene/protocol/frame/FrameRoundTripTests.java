package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Limits;
import dev.convene.protocol.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever is written is read as it was, in both encodings. */
class FrameRoundTripTests {
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final FrameCodec CBOR = FrameCodec.cbor(Limits.DEFAULT);

    @Test
    void clientFrames() {
        Seed.forEach(3000, random -> {
            ClientFrame frame = new RandomFrames(random).client();
            for (FrameCodec codec : List.of(JSON, CBOR)) {
                byte[] bytes = codec.encode(frame);
                assertThat(codec.decode(bytes)).isEqualTo(frame);
                assertThat(codec.encode(codec.decode(bytes))).isEqualTo(bytes);
                String operation = frame.operation().operation();
                assertThat(codec.decodeOperation(operation, codec.encodeOperation(frame.operation())))
                        .isEqualTo(frame.operation());
            }
        });
    }

    @Test
    void serverFrames() {
        Seed.forEach(3000, random -> {
            ServerFrame frame = new RandomFrames(random).server();
            for (FrameCodec codec : List.of(JSON, CBOR)) {
                assertThat(codec.decodeServer(codec.encode(frame), _ -> null)).isEqualTo(frame);
            }
        });
    }

    @Test
    void answers() {
        Seed.forEach(3000, random -> {
            RandomFrames.Answered answered = new RandomFrames(random).answered();
            ServerFrame frame = new ServerFrame.Ok(1 + random.nextInt(1000), answered.answer());
            for (FrameCodec codec : List.of(JSON, CBOR)) {
                assertThat(codec.decodeServer(codec.encode(frame), _ -> answered.operation()))
                        .isEqualTo(frame);
                assertThat(codec.decodeAnswer(answered.operation(), codec.encodeAnswer(answered.answer())))
                        .isEqualTo(answered.answer());
            }
        });
    }

    @Test
    void slicesAndBuffersAreReadInPlace() {
        byte[] frame = JSON.encode(new ClientFrame(7, new SessionOperation.Ping()));
        byte[] around = ("xx" + new String(frame, StandardCharsets.UTF_8) + "yy").getBytes(StandardCharsets.UTF_8);
        ClientFrame expected = JSON.decode(frame);
        assertThat(JSON.decode(around, 2, frame.length)).isEqualTo(expected);
        ByteBuffer heap = ByteBuffer.wrap(around, 2, frame.length).slice();
        assertThat(JSON.decode(heap)).isEqualTo(expected);
        assertThat(heap.remaining()).isEqualTo(frame.length);
        ByteBuffer direct = ByteBuffer.allocateDirect(frame.length).put(frame).flip();
        assertThat(JSON.decode(direct)).isEqualTo(expected);
        assertThat(direct.remaining()).isEqualTo(frame.length);
    }

    @Test
    void theOrderOfKeysIsFreeAndUnknownFieldsAreIgnored() {
        ClientFrame frame = JSON.decode("""
                 {"leave": {"later": {"a": [1, {"b": null}]}, "seq": 3, "x": null, "group": "lobby"}, "id": 9}\s
                """.getBytes(StandardCharsets.UTF_8));
        assertThat(frame).isEqualTo(new ClientFrame(9, new GroupOperation.Leave("lobby", 3)));
    }

    @Test
    void nullIsAsIfTheFieldWereNotThere() {
        ClientFrame frame = JSON.decode(
                "{\"connect\":{\"name\":null,\"graceMs\":null,\"membership\":null}}".getBytes(StandardCharsets.UTF_8));
        assertThat(frame.operation()).isEqualTo(new SessionOperation.Connect(null, true, null));
    }

    @Test
    void unknownPushesAndAnswersToUnknownRequestsArePassedOver() {
        byte[] push = "{\"shower\":{\"a\":[1]}}".getBytes(StandardCharsets.UTF_8);
        assertThat(JSON.decodeServer(push, _ -> null)).isEqualTo(new Push.Unknown("shower"));
        byte[] answer = "{\"id\":5,\"ok\":{\"at\":\"x\"}}".getBytes(StandardCharsets.UTF_8);
        assertThat(JSON.decodeServer(answer, _ -> null)).isEqualTo(new ServerFrame.Ok(5, Answer.Done.DONE));
    }
}
