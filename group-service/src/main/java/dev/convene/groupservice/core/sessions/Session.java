package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.Tenants;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.protocol.session.SessionReply.Domain;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A live session as the sessions log knows it. */
final class Session {
    /** Stands for no timer; the ids of timers begin with 1. */
    private static final long NO_TIMER = 0;

    private static final Standing[] STANDINGS = Standing.values();

    private final long id;
    private final String name;
    private final String gateway;
    private final byte[] tokenHash;
    private final boolean membership;
    private final int graceMs;
    private final List<Domain> domains = new ArrayList<>(1);
    private int epoch = 1;
    private long incarnation;
    private Standing standing = Standing.SERVED;
    private long graceTimer = NO_TIMER;

    /**
     * @param name its name, qualified
     * @param gateway the name of the gateway through which it connects first; it stays part of its address
     * @param incarnation the life of that gateway
     */
    Session(long id, String name, String gateway, byte[] tokenHash, boolean membership, int graceMs, long incarnation) {
        this.id = id;
        this.name = name;
        this.gateway = gateway;
        this.tokenHash = tokenHash;
        this.membership = membership;
        this.graceMs = graceMs;
        this.incarnation = incarnation;
    }

    long id() {
        return id;
    }

    String name() {
        return name;
    }

    String gateway() {
        return gateway;
    }

    String privateName() {
        return Tenants.privateGroup(name, gateway);
    }

    boolean isOf(String tenant) {
        return Tenants.tenantOf(name).equals(tenant);
    }

    boolean membership() {
        return membership;
    }

    int graceMs() {
        return graceMs;
    }

    int epoch() {
        return epoch;
    }

    /** The gateway life that serves it, or served it last. */
    long incarnation() {
        return incarnation;
    }

    Standing standing() {
        return standing;
    }

    /** The timer that ends it; meaningful while it is suspended. */
    long graceTimer() {
        return graceTimer;
    }

    boolean isServedBy(long asking, int underEpoch) {
        return incarnation == asking && epoch == underEpoch;
    }

    /** Whether this is the hash of its token; takes the same time whatever the difference is. */
    boolean hasTokenHash(byte[] hash) {
        return MessageDigest.isEqual(tokenHash, hash);
    }

    void suspend(long timer) {
        standing = Standing.SUSPENDED;
        graceTimer = timer;
    }

    void strand() {
        standing = Standing.STRANDED;
    }

    void resume(long byIncarnation) {
        epoch++;
        incarnation = byIncarnation;
        standing = Standing.SERVED;
        graceTimer = NO_TIMER;
    }

    /** Everywhere that it is attached, in the order in which it came there. */
    List<Domain> domains() {
        return List.copyOf(domains);
    }

    boolean isAttachedTo(Domain domain) {
        return domains.contains(domain);
    }

    boolean hasRoomForDomain() {
        return domains.size() < SessionLimits.DOMAINS_PER_SESSION_MAX;
    }

    /** Whether the partition of this domain is a new one for the session. */
    boolean attach(Domain domain) {
        boolean isNew = !partitions().contains(Domains.partitionOf(domain));
        domains.add(domain);
        return isNew;
    }

    /** The partitions where it is attached, each once: several domains may share one. */
    Set<LogPartition> partitions() {
        Set<LogPartition> partitions = new LinkedHashSet<>();
        domains.forEach(domain -> partitions.add(Domains.partitionOf(domain)));
        return partitions;
    }

    void write(Encoder out) {
        out.varlong(id).string(name).string(gateway).bytes(tokenHash);
        out.flag(membership).varint(graceMs).varint(epoch).varlong(incarnation);
        out.u8(standing.ordinal()).varlong(graceTimer).varint(domains.size());
        for (Domain domain : domains) {
            out.string(domain.log()).string(domain.domain());
        }
    }

    static Session read(Decoder in, Domains known) {
        long id = in.varlong();
        String name = in.string();
        String gateway = in.string();
        byte[] tokenHash = in.bytes();
        boolean membership = in.flag();
        int graceMs = in.varint();
        int epoch = in.varint();
        Session session = new Session(id, name, gateway, tokenHash, membership, graceMs, in.varlong());
        session.epoch = epoch;
        int standing = in.u8();
        if (standing >= STANDINGS.length) {
            throw new MalformedRecordException("no such standing of a session: " + standing);
        }
        session.standing = STANDINGS[standing];
        session.graceTimer = in.varlong();
        int count = in.count(2);
        for (int i = 0; i < count; i++) {
            String log = in.string();
            String domain = in.string();
            Domain settled = known.find(log, domain);
            if (settled == null) {
                throw new MalformedRecordException("session " + id + " is attached to an unknown domain");
            }
            session.domains.add(settled);
        }
        return session;
    }
}
