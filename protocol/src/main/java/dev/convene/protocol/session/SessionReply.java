package dev.convene.protocol.session;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import java.util.ArrayList;
import java.util.List;

/** The body of a successful answer of the sessions shard, or of a push from it to a gateway life. */
public sealed interface SessionReply {

    /**
     * Pushed to a new gateway life.
     *
     * @param incarnation the life's number: the offset of its registration
     * @param nonce the registration's
     */
    record GatewayRegistered(long incarnation, long nonce) implements SessionReply {}

    /**
     * Pushed to a gateway life that does not count any longer.
     *
     * @param superseded whether another process has registered under its name: it must not register again
     */
    record GatewayDeclaredLost(long incarnation, boolean superseded) implements SessionReply {}

    /**
     * @param session the new session's id
     * @param epoch 1
     * @param domains where it is attached: its tenant's default domain of the groups log
     */
    record Connected(long session, int epoch, List<Domain> domains) implements SessionReply {}

    /**
     * @param name the name it connected with, qualified
     * @param gateway the gateway it connected through first; with the name it makes the private group
     * @param epoch the raised epoch
     * @param domains everywhere that it is attached
     */
    record Resumed(
            long session, String name, String gateway, boolean membership, int graceMs, int epoch, List<Domain> domains)
            implements SessionReply {}

    /** Where the domain lives. The attachment itself is a record in that partition that follows. */
    record Attached(Domain domain) implements SessionReply {}

    /** Done, nothing to tell. */
    record Done() implements SessionReply {}

    /** A domain of a log and the partition where it lives for ever. */
    record Domain(String log, String domain, int partition) {
        void write(Encoder out) {
            out.string(log).string(domain).varint(partition);
        }

        static Domain read(Decoder in) {
            return new Domain(in.string(), in.string(), in.varint());
        }
    }

    default byte[] toBytes() {
        Encoder out = new Encoder();
        switch (this) {
            case GatewayRegistered r -> out.u8(1).varlong(r.incarnation).fixed64(r.nonce);
            case GatewayDeclaredLost r -> out.u8(6).varlong(r.incarnation).flag(r.superseded);
            case Connected r -> {
                out.u8(2).varlong(r.session).varint(r.epoch);
                writeDomains(out, r.domains);
            }
            case Resumed r -> {
                out.u8(3).varlong(r.session).string(r.name).string(r.gateway);
                out.flag(r.membership).varint(r.graceMs).varint(r.epoch);
                writeDomains(out, r.domains);
            }
            case Attached r -> r.domain.write(out.u8(4));
            case Done r -> out.u8(5);
        }
        return out.toBytes();
    }

    static SessionReply read(byte[] bytes) {
        Decoder in = new Decoder(bytes);
        int kind = in.u8();
        return switch (kind) {
            case 1 -> new GatewayRegistered(in.varlong(), in.fixed64());
            case 6 -> new GatewayDeclaredLost(in.varlong(), in.flag());
            case 2 -> new Connected(in.varlong(), in.varint(), readDomains(in));
            case 3 ->
                new Resumed(
                        in.varlong(), in.string(), in.string(), in.flag(), in.varint(), in.varint(), readDomains(in));
            case 4 -> new Attached(Domain.read(in));
            case 5 -> new Done();
            default -> throw new MalformedRecordException("no such session reply: " + kind);
        };
    }

    private static void writeDomains(Encoder out, List<Domain> domains) {
        out.varint(domains.size());
        domains.forEach(domain -> domain.write(out));
    }

    private static List<Domain> readDomains(Decoder in) {
        int count = in.count(3);
        List<Domain> domains = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            domains.add(Domain.read(in));
        }
        return List.copyOf(domains);
    }
}
