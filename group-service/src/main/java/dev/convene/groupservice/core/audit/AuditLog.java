package dev.convene.groupservice.core.audit;

/** Takes facts; never blocks, drops and counts what it cannot take. Called by shards' threads. */
@FunctionalInterface
public interface AuditLog {
    /** Takes nothing. */
    AuditLog NONE = fact -> {};

    /** This has happened. */
    void tell(AuditFact fact);
}
