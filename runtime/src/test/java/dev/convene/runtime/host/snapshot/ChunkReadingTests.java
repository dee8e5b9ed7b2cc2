package dev.convene.runtime.host.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChunkReadingTests {
    private static final int CHUNK_BYTES = 1 << 20;

    private static Manifest manifest(long sizeBytes, long... chunks) {
        return new Manifest("groups", 0, "e", 10, 1, "digest", sizeBytes, 0, 0, chunks);
    }

    @Test
    void takesItsOwnChunksAmongThoseOfOthers() {
        ChunkReader.Reading reading = new ChunkReader.Reading(manifest(3, 5, 7));
        assertThat(reading.take(4, new byte[9])).isTrue();
        assertThat(reading.take(5, new byte[] {1, 2})).isTrue();
        assertThat(reading.take(6, new byte[9])).isTrue();
        assertThat(reading.isDone()).isFalse();
        assertThat(reading.take(7, new byte[] {3})).isTrue();
        assertThat(reading.isWhole()).isTrue();
        assertThat(reading.pieces()).containsExactly(new byte[] {1, 2}, new byte[] {3});
    }

    @Test
    void givesUpAtAMissingOrTooLargeChunk() {
        assertThat(new ChunkReader.Reading(manifest(3, 5, 7)).take(6, new byte[1]))
                .isFalse();
        assertThat(new ChunkReader.Reading(manifest(3, 5, 7)).take(5, null)).isFalse();
        assertThat(new ChunkReader.Reading(manifest(3, 5, 7)).take(5, new byte[4]))
                .isFalse();
    }

    @Test
    void aSnapshotOfMoreBytesThanAnArrayHoldsIsReadWhole() {
        byte[] chunk = new Encoder().bytes(new byte[CHUNK_BYTES]).toBytes();
        int count = (int) (Integer.MAX_VALUE / (long) chunk.length) + 20;
        long sizeBytes = (long) chunk.length * count;
        ChunkReader.Reading reading = new ChunkReader.Reading(
                manifest(sizeBytes, LongStream.range(0, count).toArray()));
        for (int offset = 0; offset < count; offset++) {
            assertThat(reading.take(offset, chunk)).isTrue();
        }
        assertThat(reading.isWhole()).isTrue();
        Decoder in = Decoder.over(reading.pieces());
        assertThat(in.remaining()).isEqualTo(sizeBytes).isGreaterThan(Integer.MAX_VALUE);
        for (int i = 0; i < count; i++) {
            assertThat(in.bytes()).hasSize(CHUNK_BYTES);
        }
        assertThat(in.remaining()).isZero();
    }
}
