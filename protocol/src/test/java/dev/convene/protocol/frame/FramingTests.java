package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Limits;
import dev.convene.protocol.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pushes are encoded once and put into any number of frames. */
class FramingTests {
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final FrameCodec CBOR = FrameCodec.cbor(Limits.DEFAULT);

    @Test
    void encodedPushesMakeABatch() {
        Seed.forEach(500, random -> {
            List<Push> pushes = new RandomFrames(random).pushes();
            for (FrameCodec codec : List.of(JSON, CBOR)) {
                byte[] frame = codec.batch().join(encoded(codec, pushes));
                assertThat(codec.decodeServer(frame, _ -> null)).isEqualTo(new ServerFrame.Batch(pushes));
            }
            assertThat(JSON.batch().join(encoded(JSON, pushes))).isEqualTo(JSON.encode(new ServerFrame.Batch(pushes)));
        });
    }

    @Test
    void encodedPushesMakeAnAnswerToReceive() {
        Seed.forEach(500, random -> {
            List<Push> pushes = new RandomFrames(random).pushes();
            long id = 1 + random.nextLong(ClientFrame.ID_MAX);
            Answer answer = new Answer.Received(pushes);
            for (FrameCodec codec : List.of(JSON, CBOR)) {
                byte[] frame = codec.received(id).join(encoded(codec, pushes));
                assertThat(codec.decodeServer(frame, _ -> "receive")).isEqualTo(new ServerFrame.Ok(id, answer));
                byte[] body = codec.received().join(encoded(codec, pushes));
                assertThat(codec.decodeAnswer("receive", body)).isEqualTo(answer);
            }
        });
    }

    @Test
    void theSizeIsKnownBeforehand() {
        Seed.forEach(100, random -> {
            List<byte[]> pushes = encoded(JSON, new RandomFrames(random).pushes());
            int bytes = pushes.stream().mapToInt(push -> push.length).sum();
            assertThat(JSON.batch().join(pushes)).hasSize(JSON.batch().sizeOf(pushes.size(), bytes));
        });
    }

    private static List<byte[]> encoded(FrameCodec codec, List<Push> pushes) {
        return pushes.stream().map(codec::encode).toList();
    }
}
