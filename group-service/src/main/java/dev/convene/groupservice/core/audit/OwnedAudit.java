package dev.convene.groupservice.core.audit;

import java.util.function.LongSupplier;

/**
 * Lets facts of one shard through while this instance owns it: all replicas derive the same facts, and derive those of the
 * past again when they start. Ownership is renewed by {@link #owned} and lapses by itself. So around a change of owner a
 * fact may come twice or not at all; the log has it in any case. Called by the shard's thread only.
 */
public final class OwnedAudit implements AuditLog {
    /** How long one renewal holds, milliseconds; renewals come several times as often. */
    static final long HOLDS_MS = 1000;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private final AuditLog audit;
    private final LongSupplier monotonicMs;
    private int partition;
    private long ownedMs = NEVER;

    public OwnedAudit(AuditLog audit, LongSupplier monotonicMs) {
        this.audit = audit;
        this.monotonicMs = monotonicMs;
    }

    /** This instance owns the shard of this partition just now and has read to the end. */
    public void owned(int ofPartition) {
        partition = ofPartition;
        ownedMs = monotonicMs.getAsLong();
    }

    @Override
    public void tell(AuditFact fact) {
        if (monotonicMs.getAsLong() - ownedMs <= HOLDS_MS) {
            audit.tell(fact.in(partition));
        }
    }
}
