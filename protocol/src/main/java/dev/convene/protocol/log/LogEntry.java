package dev.convene.protocol.log;

import dev.convene.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a shard's partition. Either everything stands in the record's value, or, for one command with a payload
 * that any Kafka consumer should be able to read, the command stands in the header {@value #HEADER} and the payload is
 * the value.
 *
 * <p>The first byte is the format version ({@value #VERSION}), the second the kind.
 */
public sealed interface LogEntry {
    /** The Kafka header that holds a command whose payload is the record's value. */
    String HEADER = "convene";

    /** The version of the format written here. */
    int VERSION = 1;

    /** Commands of one gateway for this partition, in order. */
    record Commands(List<Command> commands) implements LogEntry {}

    /**
     * One command.
     *
     * @param origin who asks
     * @param body the capability's own form of it
     * @param payload the application's bytes, when the record carries them as its value, else null
     */
    record Command(Origin origin, byte[] body, byte @Nullable [] payload) implements LogEntry {}

    /**
     * An instance claims to be the owner. It counts if {@code term} is the present term plus one.
     *
     * @param term the number it claims
     * @param instance the claiming instance's name
     */
    record Term(long term, String instance) implements LogEntry {}

    /**
     * Time passes. It counts if {@code term} is the present term.
     *
     * @param servedMs time during which the shard was served, milliseconds
     * @param wallMs wall-clock time, milliseconds since 1970
     */
    record Tick(long term, long servedMs, long wallMs) implements LogEntry {}

    /** A command of the owner itself, void unless {@code term} is the present term. */
    record OwnerCommand(long term, byte[] body) implements LogEntry {}

    /**
     * What another shard sent here through its outbox, in its order.
     *
     * @param log the source log
     * @param partition the source partition
     * @param epoch the source's log epoch
     */
    record Forwards(String log, int partition, String epoch, List<Forward> forwards) implements LogEntry {}

    /**
     * @param position the effect's place in the source
     * @param sessionEvent whether {@code body} is a {@link SessionEvent}, else it is a command of this shard
     */
    record Forward(Position position, boolean sessionEvent, byte[] body) {}

    /** An operator's decision that the record at {@code offset}, at which the shard has halted, is passed over. */
    record Skip(long offset) implements LogEntry {}

    /** From here on the shard behaves as this version says. */
    record Behaviour(int version) implements LogEntry {}

    /**
     * Clients have seen what was sent to them.
     *
     * @param incarnation the gateway life that reports it
     */
    record Confirmations(long incarnation, List<Confirmation> confirmations) implements LogEntry {}

    /**
     * Clients have what was delivered to them up to these places; a session that is taken up without a position goes on
     * there. Unlike {@link Confirmations} it says nothing of answers to requests: those stay kept.
     *
     * @param incarnation the gateway life that reports it
     */
    record Progress(long incarnation, List<Confirmation> reached) implements LogEntry {}

    /** @param upTo the newest effect of this partition that the requester has seen */
    record Confirmation(long requester, int epoch, Position upTo) {}

    /** A command from somebody who is not attached here; nobody is answered. */
    record Unasked(byte[] body) implements LogEntry {}

    /** Nothing; shows its writer that everything before it has been read. */
    record Probe(long nonce) implements LogEntry {}

    /** The bytes of the record's value, or of its header for a {@link Command} with a payload. */
    default byte[] toBytes() {
        Encoder out = new Encoder().u8(VERSION);
        switch (this) {
            case Commands e -> {
                out.u8(1).varint(e.commands.size());
                for (Command command : e.commands) {
                    command.origin.write(out);
                    out.bytes(command.body);
                }
            }
            case Command e -> {
                e.origin.write(out.u8(2));
                out.bytes(e.body);
            }
            case Term e -> out.u8(3).varlong(e.term).string(e.instance);
            case Tick e -> out.u8(4).varlong(e.term).varlong(e.servedMs).varlong(e.wallMs);
            case Forwards e -> {
                out.u8(5).string(e.log).varint(e.partition).string(e.epoch).varint(e.forwards.size());
                for (Forward forward : e.forwards) {
                    out.varlong(forward.position.offset()).varint(forward.position.index());
                    out.flag(forward.sessionEvent).bytes(forward.body);
                }
            }
            case OwnerCommand e -> out.u8(6).varlong(e.term).bytes(e.body);
            case Skip e -> out.u8(7).varlong(e.offset);
            case Behaviour e -> out.u8(8).varint(e.version);
            case Unasked e -> out.u8(11).bytes(e.body);
            case Probe e -> out.u8(9).fixed64(e.nonce);
            case Confirmations e -> write(out.u8(10).varlong(e.incarnation), e.confirmations);
            case Progress e -> write(out.u8(12).varlong(e.incarnation), e.reached);
        }
        return out.toBytes();
    }

    private static void write(Encoder out, List<Confirmation> confirmations) {
        out.varint(confirmations.size());
        for (Confirmation c : confirmations) {
            out.varlong(c.requester).varint(c.epoch);
            out.varlong(c.upTo.offset()).varint(c.upTo.index());
        }
    }

    private static List<Confirmation> confirmations(Decoder in) {
        int count = in.count(4);
        List<Confirmation> confirmations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            confirmations.add(new Confirmation(in.varlong(), in.varint(), new Position(in.varlong(), in.varint())));
        }
        return confirmations;
    }

    /**
     * Reads a record.
     *
     * @param header the value of the header {@value #HEADER}, or null if the record has none
     * @param value the record's value
     * @throws MalformedRecordException if the bytes are not in the format
     */
    static LogEntry read(byte @Nullable [] header, byte[] value) {
        Decoder in = new Decoder(header == null ? value : header);
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedRecordException("format version " + version + " is not known here");
        }
        int kind = in.u8();
        if (header != null && kind != 2) {
            throw new MalformedRecordException("only one command stands in a header, not kind " + kind);
        }
        return switch (kind) {
            case 1 -> {
                int count = in.count(8);
                List<Command> commands = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    commands.add(new Command(Origin.read(in), in.bytes(), null));
                }
                yield new Commands(commands);
            }
            case 2 -> new Command(Origin.read(in), in.bytes(), header == null ? null : value);
            case 3 -> new Term(in.varlong(), in.string());
            case 4 -> new Tick(in.varlong(), in.varlong(), in.varlong());
            case 5 -> {
                String log = in.string();
                int partition = in.varint();
                String epoch = in.string();
                int count = in.count(4);
                List<Forward> forwards = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    forwards.add(new Forward(new Position(in.varlong(), in.varint()), in.flag(), in.bytes()));
                }
                yield new Forwards(log, partition, epoch, forwards);
            }
            case 6 -> new OwnerCommand(in.varlong(), in.bytes());
            case 7 -> new Skip(in.varlong());
            case 8 -> new Behaviour(in.varint());
            case 9 -> new Probe(in.fixed64());
            case 11 -> new Unasked(in.bytes());
            case 10 -> new Confirmations(in.varlong(), confirmations(in));
            case 12 -> new Progress(in.varlong(), confirmations(in));
            default -> throw new MalformedRecordException("no such kind of record: " + kind);
        };
    }
}
