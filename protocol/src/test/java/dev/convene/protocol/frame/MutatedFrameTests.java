package dev.convene.protocol.frame;

import static dev.convene.protocol.frame.Hostile.CBOR;
import static dev.convene.protocol.frame.Hostile.JSON;
import static dev.convene.protocol.frame.Hostile.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.Seed;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random bytes, and the golden frames of every operation with some bytes changed: read or refused, never anything else. */
class MutatedFrameTests {
    @Test
    void randomBytesAreRefused() {
        Seed.forEach(10_000, random -> {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            outcome(JSON, bytes);
            outcome(CBOR, bytes);
            if (bytes.length > 0) {
                bytes[0] = (byte) (0xa0 + random.nextInt(4));
                outcome(CBOR, bytes);
            }
        });
    }

    @Test
    void mutatedFramesAreReadOrRefused() {
        List<Golden> samples = Golden.in("client");
        Seed.forEach(10_000, random -> {
            Golden sample = samples.get(random.nextInt(samples.size()));
            outcome(JSON, mutated(sample.json(), random, "{}[]\",:\\u09aeE+-. \n$"));
            outcome(CBOR, mutated(sample.cbor(), random, null));
        });
    }

    @Test
    void mutatedServerFramesAreReadOrRefusedByClients() {
        List<Golden> samples = Golden.in("server");
        Seed.forEach(5_000, random -> {
            Golden sample = samples.get(random.nextInt(samples.size()));
            String operation = sample.operation().isEmpty() ? null : sample.operation();
            for (FrameCodec codec : List.of(JSON, CBOR)) {
                byte[] bytes = codec == JSON ? sample.json() : sample.cbor();
                byte[] mutated = mutated(bytes, random, codec == JSON ? "{}[]\",:\\u09aeE+-. \n$" : null);
                Throwable thrown = catchThrowable(() -> codec.decodeServer(mutated, _ -> operation));
                assertThat(thrown).isIn((Object) null, thrown instanceof ConveneException ? thrown : "a refusal");
            }
        });
    }

    private static byte[] mutated(byte[] frame, Random random, String alphabet) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int changes = 1 + random.nextInt(3);
        int at = random.nextInt(frame.length);
        out.write(frame, 0, at);
        for (int i = at; i < frame.length; i++) {
            boolean change = changes > 0 && random.nextInt(4) == 0;
            changes -= change ? 1 : 0;
            int any = alphabet == null || random.nextInt(4) == 0
                    ? random.nextInt(256)
                    : alphabet.charAt(random.nextInt(alphabet.length()));
            switch (change ? random.nextInt(4) : 4) {
                case 0 -> out.write(any);
                case 1 -> out.write(frame[i] ^ 1 << random.nextInt(8));
                case 2 -> {
                    out.write(any);
                    out.write(frame[i]);
                }
                case 3 -> {}
                default -> out.write(frame[i]);
            }
        }
        return out.toByteArray();
    }
}
