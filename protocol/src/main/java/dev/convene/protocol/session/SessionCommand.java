package dev.convene.protocol.session;

import dev.convene.protocol.Tenants;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;

/** What gateways ask of the sessions shard, and what its owner reports to it. Answers are {@link SessionReply}. */
public sealed interface SessionCommand {

    /**
     * A gateway begins a life. Comes from nobody, since the life has no number yet; the answer is pushed to the new life
     * with the same nonce. An earlier life of the same name ends at once.
     *
     * @param gateway its name, unique in the cluster
     * @param nonce tells two processes of the same name apart; a repetition gets the same answer again
     * @param graceMs how long the sessions of the earlier life, if there is one, are kept at most
     */
    record RegisterGateway(String gateway, long nonce, int graceMs) implements SessionCommand {}

    /**
     * The asking gateway life goes down in an orderly way.
     *
     * @param graceMs how long its sessions are kept at most
     */
    record UnregisterGateway(int graceMs) implements SessionCommand {}

    /**
     * The owner has read no beat of this gateway life for too long.
     *
     * @param asOf how far the owner had applied this log when it decided so: ignored if a command of that life stands
     *     at or after this offset
     * @param graceMs how long its sessions are kept at most
     */
    record DeclareGatewayLost(long incarnation, long asOf, int graceMs) implements SessionCommand {}

    /**
     * A client connects.
     *
     * @param name the name that it wants on this gateway, {@linkplain dev.convene.protocol.Tenants qualified}
     * @param tokenHash SHA-256 of the token that lets it resume
     * @param membership whether it wants membership messages
     * @param graceMs how long it is kept after its connection was lost, 0 to the platform's limit
     * @param sessionsMax the gateway's session quota
     */
    record Connect(String name, byte[] tokenHash, boolean membership, int graceMs, int sessionsMax)
            implements SessionCommand {}

    /**
     * A client comes back, through the asking gateway.
     *
     * @param tenant to which it belongs; sessions of others are not there for it
     */
    record Resume(long session, byte[] tokenHash, String tenant) implements SessionCommand {
        /** Of the tenant {@link Tenants#DEFAULT}. */
        public Resume(long session, byte[] tokenHash) {
            this(session, tokenHash, Tenants.DEFAULT);
        }
    }

    /** The session's connection was lost. */
    record Suspend(long session, int epoch) implements SessionCommand {}

    /** The client closes the session. */
    record Close(long session, int epoch) implements SessionCommand {}

    /** The session needs a domain: its partition is settled at first use, then the session is attached there. */
    record Attach(long session, int epoch, String log, String domain) implements SessionCommand {}

    /**
     * The asking gateway life needs a domain for itself (requests without a session).
     *
     * @param settles whether this is a use of the domain: else one that nobody has used is left alone, and the answer is
     *     {@link SessionReply.Done}
     */
    record AttachGateway(String log, String domain, boolean settles) implements SessionCommand {
        /** To be used. */
        public AttachGateway(String log, String domain) {
            this(log, domain, true);
        }
    }

    /** How many partitions a log has; settled once, by the first such record. Comes from nobody. */
    record DeclareLog(String log, int partitions) implements SessionCommand {}

    default byte[] toBytes() {
        Encoder out = new Encoder();
        switch (this) {
            case RegisterGateway c ->
                out.u8(1).string(c.gateway).fixed64(c.nonce).varint(c.graceMs);
            case UnregisterGateway c -> out.u8(2).varint(c.graceMs);
            case DeclareGatewayLost c ->
                out.u8(3).varlong(c.incarnation).varlong(c.asOf).varint(c.graceMs);
            case Connect c ->
                out.u8(4)
                        .string(c.name)
                        .bytes(c.tokenHash)
                        .flag(c.membership)
                        .varint(c.graceMs)
                        .varint(c.sessionsMax);
            case Resume c
            when c.tenant.equals(Tenants.DEFAULT) ->
                out.u8(5).varlong(c.session).bytes(c.tokenHash);
            case Resume c -> out.u8(11).varlong(c.session).bytes(c.tokenHash).string(c.tenant);
            case Suspend c -> out.u8(6).varlong(c.session).varint(c.epoch);
            case Close c -> out.u8(7).varlong(c.session).varint(c.epoch);
            case Attach c ->
                out.u8(8).varlong(c.session).varint(c.epoch).string(c.log).string(c.domain);
            case AttachGateway c -> out.u8(c.settles ? 9 : 12).string(c.log).string(c.domain);
            case DeclareLog c -> out.u8(10).string(c.log).varint(c.partitions);
        }
        return out.toBytes();
    }

    static SessionCommand read(byte[] bytes) {
        Decoder in = new Decoder(bytes);
        int kind = in.u8();
        return switch (kind) {
            case 1 -> new RegisterGateway(in.string(), in.fixed64(), in.varint());
            case 2 -> new UnregisterGateway(in.varint());
            case 3 -> new DeclareGatewayLost(in.varlong(), in.varlong(), in.varint());
            case 4 -> new Connect(in.string(), in.bytes(), in.flag(), in.varint(), in.varint());
            case 5 -> new Resume(in.varlong(), in.bytes());
            case 6 -> new Suspend(in.varlong(), in.varint());
            case 7 -> new Close(in.varlong(), in.varint());
            case 8 -> new Attach(in.varlong(), in.varint(), in.string(), in.string());
            case 9 -> new AttachGateway(in.string(), in.string());
            case 10 -> new DeclareLog(in.string(), in.varint());
            case 12 -> new AttachGateway(in.string(), in.string(), false);
            case 11 -> new Resume(in.varlong(), in.bytes(), in.string());
            default -> throw new MalformedRecordException("no such session command: " + kind);
        };
    }
}
