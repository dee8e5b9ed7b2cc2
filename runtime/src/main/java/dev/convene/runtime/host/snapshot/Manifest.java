package dev.convene.runtime.host.snapshot;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * What there is to know of a snapshot.
 *
 * @param log the log it was taken of
 * @param partition the partition, of the log and of the chunks
 * @param epoch the log's epoch
 * @param position the offset of the first record that is not in it
 * @param behaviour the behaviour version that was switched on
 * @param digest SHA-256 of its bytes, in hex
 * @param sizeBytes how many bytes
 * @param takenMs wall-clock time, milliseconds since 1970
 * @param logBytes bytes of the records since the snapshot before, as far as its writer knows
 * @param chunks the offsets of its chunks, in order
 */
public record Manifest(
        String log,
        int partition,
        String epoch,
        long position,
        int behaviour,
        String digest,
        long sizeBytes,
        long takenMs,
        long logBytes,
        long[] chunks) {
    private static final int VERSION = 1;

    /** Its key: a second snapshot of the same position, which has the same content, takes its place. */
    byte[] key() {
        String text = "snapshot/" + log + "/" + partition + "/" + epoch + "/" + position;
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The same snapshot under another epoch of its log. */
    Manifest under(dev.convene.runtime.host.log.LogEpoch other) {
        return new Manifest(
                log, partition, other.text(), position, behaviour, digest, sizeBytes, takenMs, logBytes, chunks);
    }

    byte[] toBytes() {
        Encoder out = new Encoder(256).u8(VERSION).string(log).varint(partition).string(epoch);
        out.varlong(position).varint(behaviour).string(digest).varlong(sizeBytes);
        out.varlong(takenMs).varlong(logBytes).varint(chunks.length);
        for (long chunk : chunks) {
            out.varlong(chunk);
        }
        return out.toBytes();
    }

    static Manifest read(byte[] bytes) {
        Decoder in = new Decoder(bytes);
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedRecordException("manifest version " + version + " is not known here");
        }
        String log = in.string();
        int partition = in.varint();
        String epoch = in.string();
        long position = in.varlong();
        int behaviour = in.varint();
        String digest = in.string();
        long size = in.varlong();
        long taken = in.varlong();
        long logBytes = in.varlong();
        long[] chunks = new long[in.count(1)];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = in.varlong();
        }
        return new Manifest(log, partition, epoch, position, behaviour, digest, size, taken, logBytes, chunks);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Manifest m && Arrays.equals(toBytes(), m.toBytes());
    }

    @Override
    public int hashCode() {
        return Objects.hash(log, partition, epoch, position);
    }

    /** {@code groups/0 at 1234 (56 bytes)}. */
    @Override
    public String toString() {
        return log + "/" + partition + " at " + position + " (" + sizeBytes + " bytes)";
    }
}
