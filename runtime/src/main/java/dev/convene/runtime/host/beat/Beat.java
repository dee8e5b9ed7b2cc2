package dev.convene.runtime.host.beat;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import java.util.ArrayList;
import java.util.List;

/**
 * A sign of life.
 *
 * @param life whose
 * @param role what the instance is, for people
 * @param number counts the beats of this life, from 1
 * @param incarnation the gateway life it serves as, or {@link #NO_GATEWAY}
 * @param leaving whether it goes down: its shards can be taken over at once
 * @param logs the logs whose shards it can hold
 * @param held the shards it holds
 */
public record Beat(
        Life life, String role, long number, long incarnation, boolean leaving, List<String> logs, List<Held> held) {
    /** The incarnation of an instance that is no gateway. */
    public static final long NO_GATEWAY = -1;

    private static final int VERSION = 1;

    /** What an instance is for a shard that it holds. */
    public enum Standing {
        /** It reads on, to the end as of its start. */
        CATCHING_UP,
        /** It follows and holds effects back. */
        STANDBY,
        /** It gives effects out. */
        OWNER,
        /** It was the owner and gives the shard away, or does not go on: it can be taken over at once. */
        LEAVING,
        /** It stopped at a record that it cannot apply. */
        HALTED
    }

    /**
     * A shard that an instance holds.
     *
     * @param epoch the log's epoch
     * @param applied the next offset it will apply
     * @param effectsOut all effects of records below this offset are known to be out
     * @param term the term it has read last
     */
    public record Held(
            String log, int partition, String epoch, long applied, long effectsOut, long term, Standing standing) {
        /** The same, of a replica that does not go on: others may take the shard over, and it takes none. */
        public Held standingStill() {
            Standing instead = switch (standing) {
                case OWNER, LEAVING -> Standing.LEAVING;
                case STANDBY, CATCHING_UP -> Standing.CATCHING_UP;
                case HALTED -> Standing.HALTED;
            };
            return new Held(log, partition, epoch, applied, effectsOut, term, instead);
        }
    }

    /** The log form. */
    public byte[] toBytes() {
        Encoder out = new Encoder(256).u8(VERSION).string(life.instance()).fixed64(life.run());
        out.string(role).varlong(number).zigzag(incarnation).flag(leaving).varint(logs.size());
        logs.forEach(out::string);
        out.varint(held.size());
        for (Held h : held) {
            out.string(h.log).varint(h.partition).string(h.epoch);
            out.varlong(h.applied).varlong(h.effectsOut).varlong(h.term).u8(h.standing.ordinal());
        }
        return out.toBytes();
    }

    /** @throws MalformedRecordException if the bytes are not a beat */
    public static Beat read(byte[] bytes) {
        Decoder in = new Decoder(bytes);
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedRecordException("beat version " + version + " is not known here");
        }
        Life life;
        try {
            life = new Life(in.string(), in.fixed64());
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("a beat of nobody: " + e.getMessage());
        }
        String role = in.string();
        long number = in.varlong();
        long incarnation = in.zigzag();
        boolean leaving = in.flag();
        List<String> logs = new ArrayList<>();
        for (int left = in.count(1); left > 0; left--) {
            logs.add(in.string());
        }
        List<Held> held = new ArrayList<>();
        for (int left = in.count(7); left > 0; left--) {
            held.add(new Held(
                    in.string(),
                    in.varint(),
                    in.string(),
                    in.varlong(),
                    in.varlong(),
                    in.varlong(),
                    standing(in.u8())));
        }
        return new Beat(life, role, number, incarnation, leaving, List.copyOf(logs), List.copyOf(held));
    }

    private static Standing standing(int ordinal) {
        Standing[] all = Standing.values();
        if (ordinal >= all.length) {
            throw new MalformedRecordException("no such standing: " + ordinal);
        }
        return all[ordinal];
    }
}
