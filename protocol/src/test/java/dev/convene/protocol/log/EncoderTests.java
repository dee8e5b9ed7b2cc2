package dev.convene.protocol.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EncoderTests {

    @Test
    void piecesAreTheSameBytesAndAllButTheLastAreFull() {
        List<byte[]> pieces = new ArrayList<>();
        Encoder whole = new Encoder();
        Encoder inPieces = Encoder.into(100, pieces::add);

        write(whole);
        write(inPieces);
        inPieces.finish();
        inPieces.finish();

        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        pieces.forEach(joined::writeBytes);
        assertThat(joined.toByteArray()).isEqualTo(whole.toBytes());
        assertThat(pieces.subList(0, pieces.size() - 1)).hasSizeGreaterThan(50).allMatch(piece -> piece.length == 100);
        assertThat(pieces.getLast().length).isBetween(1, 100);
    }

    /** Small values, names of all kinds, and values that are larger than a piece. */
    private static void write(Encoder out) {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            out.varlong(random.nextLong()).string("name" + i).flag(i % 2 == 0).string("Straße" + i);
            out.bytes(new byte[random.nextInt(i == 100 ? 1000 : 20)]);
        }
        out.bytes(new byte[777]);
    }
}
