package dev.convene.protocol.log;

/**
 * What the sessions log has decided, as it is told to every partition that it concerns. No other shard ends, moves or
 * suspends a session.
 */
public sealed interface SessionEvent {

    /** From here on commands of this gateway life count in this partition. */
    record GatewayAttached(long incarnation, String gateway) implements SessionEvent {}

    /** From here on nothing that this gateway life appends counts; its sessions are suspended. */
    record GatewayLost(long incarnation) implements SessionEvent {}

    /**
     * The session may send commands to this partition.
     *
     * @param session its id
     * @param epoch its present epoch
     * @param incarnation the gateway life that serves it
     * @param privateName its address, {@code #name#gateway}, {@linkplain dev.convene.protocol.Tenants qualified}
     * @param membership whether it wants membership messages
     */
    record SessionAttached(long session, int epoch, long incarnation, String privateName, boolean membership)
            implements SessionEvent {}

    /** Its connection was lost: it keeps its places and is not served. */
    record SessionSuspended(long session, int epoch) implements SessionEvent {}

    /** It is served again, by this gateway life and under this epoch. */
    record SessionResumed(long session, int epoch, long incarnation) implements SessionEvent {}

    /** It is over: closed by its client or expired after its grace period. */
    record SessionEnded(long session, boolean expired) implements SessionEvent {}

    /** These sessions of a lost gateway were not resumed in time: they leave together. */
    record GatewayExpired(long incarnation, long[] sessions) implements SessionEvent {}

    default void write(Encoder out) {
        switch (this) {
            case GatewayAttached e -> out.u8(1).varlong(e.incarnation).string(e.gateway);
            case GatewayLost e -> out.u8(2).varlong(e.incarnation);
            case SessionAttached e ->
                out.u8(3)
                        .varlong(e.session)
                        .varint(e.epoch)
                        .varlong(e.incarnation)
                        .string(e.privateName)
                        .flag(e.membership);
            case SessionSuspended e -> out.u8(4).varlong(e.session).varint(e.epoch);
            case SessionResumed e ->
                out.u8(5).varlong(e.session).varint(e.epoch).varlong(e.incarnation);
            case SessionEnded e -> out.u8(6).varlong(e.session).flag(e.expired);
            case GatewayExpired e -> {
                out.u8(7).varlong(e.incarnation).varint(e.sessions.length);
                for (long session : e.sessions) {
                    out.varlong(session);
                }
            }
        }
    }

    static SessionEvent read(Decoder in) {
        int kind = in.u8();
        return switch (kind) {
            case 1 -> new GatewayAttached(in.varlong(), in.string());
            case 2 -> new GatewayLost(in.varlong());
            case 3 -> new SessionAttached(in.varlong(), in.varint(), in.varlong(), in.string(), in.flag());
            case 4 -> new SessionSuspended(in.varlong(), in.varint());
            case 5 -> new SessionResumed(in.varlong(), in.varint(), in.varlong());
            case 6 -> new SessionEnded(in.varlong(), in.flag());
            case 7 -> {
                long incarnation = in.varlong();
                long[] sessions = new long[in.count(1)];
                for (int i = 0; i < sessions.length; i++) {
                    sessions[i] = in.varlong();
                }
                yield new GatewayExpired(incarnation, sessions);
            }
            default -> throw new MalformedRecordException("no such session event: " + kind);
        };
    }
}
